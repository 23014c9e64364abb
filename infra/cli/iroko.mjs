// `npm run iroko -- …`: the command line, from what was built; built now when it was not or is out of date.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../setup/checkout.mjs';
import { reportFault } from '../setup/fault.mjs';
import { prepare } from '../setup/prepare.mjs';

try {
  await prepare({ build: true });
  // Names of files are meant from where the person stands, not from the root that npm goes to.
  const command = spawn(
    process.execPath,
    ['--enable-source-maps', join(root, 'infra/dist/cli/main.js'), ...process.argv.slice(2)],
    { cwd: process.env.INIT_CWD ?? process.cwd(), stdio: 'inherit' },
  );
  // Ctrl-C reaches the command too, being of one group; what is sent to us alone is handed on.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => command.kill('SIGTERM'));
  command.once('exit', (code, signal) => {
    process.exitCode = signal ? 1 : code;
  });
} catch (error) {
  reportFault(error);
}
