// `npm run pages`: prints the pages of docs/ that come from lists in the code.
import { join } from 'node:path';
import { root } from '../setup/checkout.mjs';
import { runOrFail } from '../setup/command.mjs';
import { reportFault } from '../setup/fault.mjs';
import { prepare } from '../setup/prepare.mjs';

try {
  await prepare({ build: true });
  const printed = await runOrFail([process.execPath, join(root, 'infra/dist/pages/write.js')], {
    failure: 'The pages could not be printed.',
  });
  process.stdout.write(printed);
} catch (error) {
  reportFault(error);
}
