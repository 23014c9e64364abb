/** Asks for the port before anything is started, so that the answer comes at once and leaves nothing behind. */
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Fault } from '../setup/fault.mjs';

// A stack whose starter was killed frees its port within this time.
const waitMsMax = 8_000;

export async function demandFreePort({ HOST, PORT } = process.env) {
  const host = HOST || '127.0.0.1';
  const port = Number(PORT || 4000);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) return; // The stack names the setting and what is allowed.
  const deadline = Date.now() + waitMsMax;
  let waiting = false;
  for (;;) {
    const code = await faultOfListening(host, port);
    if (!code) return;
    if (code !== 'EADDRINUSE') throw cannotListen(host, port, code);
    if (Date.now() > deadline) throw await taken(host, port);
    if (!waiting) process.stderr.write(`• Port ${port} is taken; waiting a moment in case it becomes free\n`);
    waiting = true;
    await delay(250);
  }
}

function faultOfListening(host, port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error) => resolve(error.code));
    probe.listen(port, host, () => probe.close(() => resolve(undefined)));
  });
}

async function taken(host, port) {
  const who = (await isIroko(host, port)) ? 'another Iroko' : 'another program';
  return new Fault(`Port ${port} of ${host} is taken by ${who}.`, [
    `To see which: lsof -i :${port}`,
    `To run beside it: PORT=${port + 1} DATA_DIR=.data/${port + 1} npm start`,
  ]);
}

async function isIroko(host, port) {
  try {
    const reply = await fetch(`http://${host}:${port}/health`, { signal: AbortSignal.timeout(500) });
    return 'version' in (await reply.json());
  } catch {
    return false;
  }
}

function cannotListen(host, port, code) {
  const steps = {
    EACCES: ['Ports below 1024 need rights that this user has not: set PORT to 1024 or more.'],
    EADDRNOTAVAIL: [
      'This machine has no such address: set HOST to 127.0.0.1, or to 0.0.0.0 for all addresses.',
    ],
    ENOTFOUND: ['No address is known by this name: set HOST to 127.0.0.1, or to 0.0.0.0 for all addresses.'],
  };
  return new Fault(`Iroko cannot listen on port ${port} of ${host} (${code}).`, steps[code] ?? []);
}
