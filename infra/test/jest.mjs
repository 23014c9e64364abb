/** Runs jest and counts what it ran. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/checkout.mjs';
import { run } from '../setup/command.mjs';

/**
 * @param {string[]} args for jest, for instance paths
 * @param {NodeJS.ProcessEnv} env
 */
export async function runJest(args = [], env = {}) {
  const report = join(root, '.build', `jest-${process.pid}.json`);
  mkdirSync(join(root, '.build'), { recursive: true });
  const command = [
    process.execPath,
    join(root, 'node_modules/jest/bin/jest.js'),
    '--json',
    `--outputFile=${report}`,
    ...args,
  ];
  // jest writes its running commentary to stderr and, with --json, only the report to stdout; the file has it too.
  const { code, output } = await run(command, { env, onStderr: (text) => process.stderr.write(text) });
  const counts = countsIn(report);
  if (counts) return { name: 'tests', ...counts, failed: counts.failed || (code === 0 ? 0 : 1), output: '' };
  return { name: 'tests', passed: 0, failed: 1, output };
}

/** A file that could not even be loaded counts as one failed test. */
function countsIn(report) {
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
  } catch {
    return undefined;
  } finally {
    rmSync(report, { force: true });
  }
}
