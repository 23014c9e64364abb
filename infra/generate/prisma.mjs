/** `npm run generate`: one Prisma client per subgraph, from prisma/schema/<subgraph>.prisma, without the network. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contentHash, root } from '../setup/checkout.mjs';
import { runOrFail } from '../setup/command.mjs';
import { reportFault } from '../setup/fault.mjs';

const schemas = 'prisma/schema';

/** Subgraphs whose generated client is not that of their schema and of the installed Prisma. */
function outdated() {
  const names = readdirSync(join(root, schemas)).filter((name) => name.endsWith('.prisma'));
  return names
    .map((name) => name.slice(0, -'.prisma'.length))
    .filter((name) => existsSync(join(root, 'subgraphs', name)))
    .map((name) => ({ name, stamp: join(output(name), '.generated-from'), hash: hashOf(name) }))
    .filter(({ stamp, hash }) => !existsSync(stamp) || readFileSync(stamp, 'utf8') !== hash);
}

const output = (name) => join(root, 'subgraphs', name, 'src/generated/prisma');

const hashOf = (name) => contentHash([`${schemas}/${name}.prisma`, 'pnpm-workspace.yaml']);

export function prismaClientsAreCurrent() {
  return outdated().length === 0;
}

export async function generatePrismaClients() {
  const prisma = createRequire(join(root, 'infra/package.json')).resolve('prisma/build/index.js');
  for (const { name, stamp, hash } of outdated()) {
    rmSync(output(name), { recursive: true, force: true });
    await runOrFail(
      [process.execPath, prisma, 'generate', '--schema', join(root, schemas, `${name}.prisma`)],
      {
        // Generating needs no engine; with any executable named here none is downloaded.
        env: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath },
        failure: `The Prisma client of ${name} could not be generated from ${schemas}/${name}.prisma.`,
      },
    );
    writeFileSync(stamp, hash);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) generatePrismaClients().catch(reportFault);
