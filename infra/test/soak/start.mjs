/**
 * `npm run soak [-- --seconds 120 --seed S]`: fifty writers, three kinds of reader, and processes that are killed. The
 * last line counts what held and what did not.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../../setup/checkout.mjs';
import { reportFault } from '../../setup/fault.mjs';
import { prepare } from '../../setup/prepare.mjs';

try {
  await prepare({ build: true });
  const compile = join(root, 'infra/bench/compile.cjs');
  const soak = join(root, 'infra/test/soak/soak.ts');
  const run = spawn(process.execPath, ['--require', compile, soak, ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
  });
  // Ctrl-C reaches both; the soak ends its processes itself, so this one waits for it.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined);
  run.once('exit', (code, signal) => {
    process.exitCode = signal ? 1 : code;
  });
} catch (error) {
  reportFault(error);
  console.log('0 passed, 1 failed');
}
