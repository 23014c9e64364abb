/** `npm test`: everything a checkout can be tested for without anything beside it. */
import { reportFault } from '../setup/fault.mjs';
import { prepare } from '../setup/prepare.mjs';
import { runChecks } from './checks.mjs';
import { runJest } from './jest.mjs';
import { summary } from './summary.mjs';

export async function main() {
  try {
    await prepare({ build: false });
    // The checks are short and single-threaded; beside jest's workers they fill the gaps.
    const results = await Promise.all([runChecks(), runJest(process.argv.slice(2))]);
    summary(results.flat());
  } catch (error) {
    reportFault(error);
    console.log('0 passed, 1 failed');
  }
}
