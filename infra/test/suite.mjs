/**
 * `npm run test:real`, `test:redis`, `test:pg15`: tests that need something beside the checkout. Each names its
 * need and says how to meet it.
 */

import { Fault, reportFault } from '../setup/fault.mjs';
import { prepare } from '../setup/prepare.mjs';
import { runJest } from './jest.mjs';
import { needs } from './needs.mjs';
import { summary } from './summary.mjs';

async function main([suite, ...paths]) {
  let need;
  try {
    if (!needs[suite])
      throw new Fault(`There is no suite "${suite}".`, [`There are: ${Object.keys(needs).join(', ')}`]);
    need = await needs[suite]();
    await prepare({ build: false });
    summary([await runJest(paths, { IROKO_TEST_SUITE: suite, ...need.env })]);
  } catch (error) {
    reportFault(error);
    console.log('0 passed, 1 failed');
  } finally {
    await need?.stop?.();
  }
}

await main(process.argv.slice(2));
