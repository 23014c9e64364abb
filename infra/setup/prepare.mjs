/** Makes a checkout ready: packages installed, Prisma clients generated, code built; each only when it has to be. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { generatePrismaClients, prismaClientsAreCurrent } from '../generate/prisma.mjs';
import { contentHash, root, stamp, treeHash, workspaces } from './checkout.mjs';
import { pnpm, runOrFail } from './command.mjs';
import { holdingSetup } from './hold.mjs';
import { step } from './progress.mjs';

/** @param {{ build: boolean }} options whether the code is to run from `dist` */
export async function prepare({ build }) {
  await holdingSetup(async () => {
    await install();
    if (!prismaClientsAreCurrent()) await step('Generating Prisma clients', generatePrismaClients);
    if (build) await buildAll();
  });
}

async function install() {
  const manifests = ['.', ...workspaces()].map((folder) => join(folder, 'package.json'));
  const wanted = contentHash(
    ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests],
    process.platform,
    process.arch,
  );
  const done = stamp('installed');
  if (done.holds(wanted) && existsSync(join(root, 'node_modules/.modules.yaml'))) return;
  await step('Installing packages (the first time takes a minute or two)', () =>
    runOrFail([...pnpm, 'install', '--frozen-lockfile', '--prefer-offline'], {
      failure: 'The packages could not be installed.',
      steps: [
        'Check that the npm registry can be reached: npm ping',
        'Behind a proxy set HTTPS_PROXY, or name your registry in ~/.npmrc.',
        'If the lock file does not fit: npx -y pnpm@10.34.8 install',
      ],
    }),
  );
  done.write(wanted);
}

async function buildAll() {
  const folders = workspaces();
  const sources = folders.map((folder) => join(folder, 'src'));
  const wanted = treeHash([...sources, '.swcrc', 'turbo.json', 'pnpm-lock.yaml']);
  const done = stamp('built');
  if (done.holds(wanted) && folders.every((folder) => existsSync(join(root, folder, 'dist/index.js'))))
    return;
  await step('Building', () =>
    runOrFail([...pnpm, 'exec', 'turbo', 'run', 'build', '--output-logs=errors-only'], {
      failure: 'The code could not be built.',
      steps: ['The lines above name the file.'],
    }),
  );
  done.write(wanted);
}
