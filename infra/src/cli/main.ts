/** The entry of `npm run iroko`. */
import { EXIT } from './failure';
import { run } from './run';

run({
  argv: process.argv.slice(2),
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  onInterrupt(stop) {
    // The first Ctrl-C cancels the job and waits for it; the second ends at once, as ever.
    process.once('SIGINT', stop);
    return () => process.off('SIGINT', stop);
  },
}).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(error);
    process.exitCode = EXIT.nothing;
  },
);
