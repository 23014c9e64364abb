// `npm run bench -- NAME`: makes the checkout ready, then measures what was built, not what is in the editor.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../setup/checkout.mjs';
import { reportFault } from '../setup/fault.mjs';
import { prepare } from '../setup/prepare.mjs';

try {
  await prepare({ build: true });
  const run = spawn(
    process.execPath,
    [
      '--require',
      join(root, 'infra/bench/compile.cjs'),
      join(root, 'infra/bench/run.ts'),
      ...process.argv.slice(2),
    ],
    { cwd: root, stdio: 'inherit' },
  );
  // Ctrl-C reaches both; the benchmark ends its servers itself, so this process waits for it.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined);
  run.once('exit', (code, signal) => {
    process.exitCode = signal ? 1 : code;
  });
} catch (error) {
  reportFault(error);
}
