// The load generator, a process of its own: the servers under test share no event loop with it. Asked over IPC:
// { url, headers, body, connections, durationMs } → { requests, seconds, failures, p50Ms, p99Ms }.
import { Pool } from 'undici';

process.on('message', async (load) => {
  try {
    process.send({ result: await run(load) });
  } catch (error) {
    process.send({ fault: String(error?.stack ?? error) });
  }
});
process.on('disconnect', () => process.exit(0));

async function run({ url, headers, body, connections, durationMs }) {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections, pipelining: 1 });
  const request = {
    path: pathname,
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    body,
  };
  const times = [];
  let failures = 0;
  let firstFailure;
  const started = performance.now();
  const end = started + durationMs;
  const client = async () => {
    while (performance.now() < end) {
      const sent = performance.now();
      const { statusCode, body: answer } = await pool.request(request);
      const text = await answer.text();
      times.push(performance.now() - sent);
      if (statusCode !== 200 || text.includes('"errors":')) {
        failures += 1;
        firstFailure ??= `${statusCode} ${text.slice(0, 500)}`;
      }
    }
  };
  await Promise.all(Array.from({ length: connections }, client));
  const seconds = (performance.now() - started) / 1000;
  await pool.close();
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
  return { requests: times.length, seconds, failures, firstFailure, p50Ms: at(0.5), p99Ms: at(0.99) };
}
