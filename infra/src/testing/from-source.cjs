// `node --require from-source.cjs FILE.ts`: runs TypeScript as it stands, workspaces imported by their name included,
// so that a test can start a command without a build before it.
const { existsSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');

require('../../bench/compile.cjs');

const root = path.join(__dirname, '../../..');
const resolveFilename = Module._resolveFilename;

Module._resolveFilename = function (request, ...rest) {
  const [, name] = /^@iroko\/([a-z-]+)$/.exec(request) ?? [];
  const source = ['packages', 'subgraphs', '']
    .map((folder) => path.join(root, folder, name ?? '', 'src/index.ts'))
    .find((file) => name && existsSync(file));
  return source ?? compiledFrom(request, rest[0]) ?? resolveFilename.call(this, request, ...rest);
};

// Prisma's generated TypeScript names its neighbours by the JavaScript they become.
function compiledFrom(request, parent) {
  if (!/^\.{1,2}\/.+\.js$/.test(request) || !parent?.filename?.endsWith('.ts')) return undefined;
  const source = path.join(path.dirname(parent.filename), request.replace(/\.js$/, '.ts'));
  return existsSync(source) ? source : undefined;
}
