// `npm start`. A Node that is too old must still be able to read this file and say so.
import { nodeFault } from '../setup/node-version.mjs';

const fault = nodeFault(process.versions.node);
if (fault) {
  console.error(fault);
  process.exit(1);
} else {
  import('./up.mjs').then((up) => up.main());
}
