/** The last lines of a test run: what failed and why, then one line that can be counted on. */

/** @param {{ name: string, passed: number, failed: number, output: string }[]} results */
export function summary(results) {
  for (const { name, failed, output } of results) {
    if (failed && output) process.stderr.write(`\n✗ ${name}\n${output.trimEnd()}\n`);
  }
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  const failed = sum('failed');
  process.exitCode = failed === 0 ? 0 : 1;
  console.log(`${sum('passed')} passed, ${failed} failed`);
}
