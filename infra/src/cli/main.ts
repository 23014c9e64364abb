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
    const signals = ['SIGINT', 'SIGTERM'] as const;
    for (const signal of signals) process.once(signal, stop);
    return () => {
      for (const signal of signals) process.off(signal, stop);
    };
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
