/** All checks and all tests in a checkout that is ready; `npm test` has turbo run this. */
import { reportFault } from '../setup/fault.mjs';
import { runChecks } from './checks.mjs';
import { runJest } from './jest.mjs';
import { summary } from './summary.mjs';

try {
  // The checks are short and single-threaded; beside jest's workers they fill the gaps.
  const results = await Promise.all([runChecks(), runJest()]);
  summary(results.flat());
} catch (error) {
  reportFault(error);
}
