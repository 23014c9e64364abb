/** `npm test`: everything a checkout can be tested for without anything beside it. */
import { readFileSync, rmSync } from 'node:fs';
import { pnpm, run } from '../setup/command.mjs';
import { reportFault } from '../setup/fault.mjs';
import { prepare } from '../setup/prepare.mjs';
import { runJest } from './jest.mjs';
import { countLine, resultFile, summary } from './summary.mjs';

/** With arguments, for instance paths, jest runs with those and nothing else does. */
export async function main(args = process.argv.slice(2)) {
  try {
    await prepare({ build: false });
    if (args.length > 0) summary([await runJest(args)]);
    else await runEverything();
  } catch (error) {
    reportFault(error);
    console.log(countLine({ passed: 0, failed: 1 }));
  }
}

/** Through turbo, which answers from its cache when nothing has changed since everything passed. */
async function runEverything() {
  rmSync(resultFile, { force: true });
  const show = (text) => process.stderr.write(text);
  const { code, output } = await run(
    [
      ...pnpm,
      'exec',
      'turbo',
      'run',
      'everything',
      '--env-mode=loose',
      '--output-logs=new-only',
      '--log-prefix=none',
    ],
    { env: { IROKO_NODE_VERSION: process.version, FORCE_COLOR: '0' }, onStdout: show, onStderr: show },
  );
  const result = readResult();
  if (code === 0 && /cache hit/.test(output)) {
    show(
      'Nothing has changed since these tests passed (npx turbo run everything --force runs them again).\n',
    );
  }
  process.exitCode = code === 0 && result.failed === 0 ? 0 : 1;
  console.log(countLine({ ...result, failed: result.failed || (code === 0 ? 0 : 1) }));
}

function readResult() {
  try {
    return JSON.parse(readFileSync(resultFile, 'utf8'));
  } catch {
    return { passed: 0, failed: 1 };
  }
}
