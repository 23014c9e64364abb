/** One query, two servers: Iroko with its gateway and sign-in, and the plain schema on the same statements. */
import { isDeepStrictEqual } from 'node:util';
import type { BenchmarkOptions, Measurement } from '../benchmark';
import { LoadGenerator } from '../load-generator';
import { alternate } from '../rounds';
import type { ServerProcess } from '../server-process';

const CONNECTIONS = 10;
const SECONDS_PER_RUN = 6;

export interface Asked {
  url: string;
  headers: Record<string, string>;
}

export interface Comparison {
  ours: Asked & { server: ServerProcess };
  baseline: Asked;
  query: string;
  variables: Record<string, unknown>;
}

async function answerOf({ url, headers }: Asked, body: string): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    body,
  });
  return response.json();
}

/** Throws when the two do not answer the same, before anything is measured. */
export async function compare(comparison: Comparison, options: BenchmarkOptions): Promise<Measurement> {
  const { ours, baseline, query, variables } = comparison;
  const body = JSON.stringify({ query, variables });
  const answers = [await answerOf(ours, body), await answerOf(baseline, body)];
  if (!isDeepStrictEqual(answers[0], answers[1])) {
    const [one, other] = answers.map((answer) => JSON.stringify(answer).slice(0, 1000));
    throw new Error(`The two servers do not answer the same:\n${one}\n${other}`);
  }
  const generator = new LoadGenerator(options.cleanup);
  const latencies: Record<string, number> = {};
  const run = (asked: Asked, side: string) => async () => {
    const load = { ...asked, body, connections: CONNECTIONS, durationMs: SECONDS_PER_RUN * 1000 };
    const result = await generator.run(load);
    latencies[`${side}P99Ms`] = Math.round(result.p99Ms * 10) / 10;
    return result.requests / result.seconds;
  };
  const sides = { ours: run(ours, 'value'), baseline: run(baseline, 'baseline') };
  const result = await alternate(sides, options, 'requests/s');
  const details = { connections: CONNECTIONS, answerBytes: JSON.stringify(answers[0]).length, ...latencies };
  return { ...result, peakRssMb: ours.server.peakRssMb(), details };
}
