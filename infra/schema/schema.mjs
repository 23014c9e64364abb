// `npm run schema`: writes schema.graphql of each subgraph and supergraph.graphql of the gateway.
import { join } from 'node:path';
import { root } from '../setup/checkout.mjs';
import { runOrFail } from '../setup/command.mjs';
import { reportFault } from '../setup/fault.mjs';
import { prepare } from '../setup/prepare.mjs';

try {
  await prepare({ build: true });
  const written = await runOrFail([process.execPath, join(root, 'infra/dist/schema/write.js')], {
    failure: 'The schemas could not be written.',
  });
  process.stdout.write(written || 'Every schema is current.\n');
} catch (error) {
  reportFault(error);
}
