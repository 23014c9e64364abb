/** Lets a child process of a test run our workspaces from their sources, as jest does, so that nothing is built first. */
const Module = require('node:module');
const { join } = require('node:path');

const root = join(__dirname, '../../../..');
const resolve = Module._resolveFilename;

Module._resolveFilename = function resolveSource(request, ...rest) {
  const name = /^@iroko\/([a-z]+)$/.exec(request)?.[1];
  return resolve.call(this, name ? join(root, 'packages', name, 'src/index.ts') : request, ...rest);
};
