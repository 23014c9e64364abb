/** The last lines of a test run: what failed and why, then one line that can be counted on. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/checkout.mjs';

/** What turbo keeps of a run, for the count of one it answers from its cache. */
export const resultFile = join(root, '.build', 'test-result.json');

export const countLine = ({ passed, failed }) => `${passed} passed, ${failed} failed`;

/** @param {{ name: string, passed: number, failed: number, output: string }[]} results */
export function summary(results) {
  for (const { name, failed, output } of results) {
    if (failed && output) process.stderr.write(`\n✗ ${name}\n${output.trimEnd()}\n`);
  }
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  const counts = { passed: sum('passed'), failed: sum('failed') };
  process.exitCode = counts.failed === 0 ? 0 : 1;
  writeFileSync(resultFile, JSON.stringify(counts));
  console.log(countLine(counts));
}
