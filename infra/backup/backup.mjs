// `npm run backup -- FILE` and `npm run restore -- FILE`: makes the checkout ready and hands over.
import { createRequire } from 'node:module';
import { reportFault } from '../setup/fault.mjs';
import { prepare } from '../setup/prepare.mjs';

try {
  await prepare({ build: true });
  await createRequire(import.meta.url)('../dist/backup/run.js').main(process.argv.slice(2));
} catch (error) {
  reportFault(error);
}
