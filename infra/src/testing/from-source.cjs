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
  return source ?? resolveFilename.call(this, request, ...rest);
};
