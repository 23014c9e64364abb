/**
 * Lets a process run our TypeScript as it stands, for tests that start processes of their own:
 * `node -r infra/test/from-source.cjs`. Decorators need swc, which also builds what is shipped.
 */
const { existsSync, readFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { transformSync } = require('@swc/core');

const root = path.resolve(__dirname, '../..');
const options = JSON.parse(readFileSync(path.join(root, '.swcrc'), 'utf8'));

Module._extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    ...options,
    $schema: undefined,
    swcrc: false,
    filename,
    sourceMaps: 'inline',
  });
  module._compile(code, filename);
};

const resolveFilename = Module._resolveFilename;

Module._resolveFilename = function resolve(request, parent, ...rest) {
  return resolveFilename.call(
    this,
    workspaceOf(request) ?? typedOf(request, parent) ?? request,
    parent,
    ...rest,
  );
};

/** `@iroko/x` is its source, not what was built of it last. */
function workspaceOf(request) {
  const name = /^@iroko\/([^/]+)$/.exec(request)?.[1];
  if (!name) return undefined;
  const folders = [name, `packages/${name}`, `subgraphs/${name}`];
  return folders.map((folder) => path.join(root, folder, 'src/index.ts')).find(existsSync);
}

/** Generated code names its files `.js`, as they will be called. */
function typedOf(request, parent) {
  if (!request.startsWith('.') || !request.endsWith('.js') || !parent?.filename) return undefined;
  const typed = path.resolve(path.dirname(parent.filename), `${request.slice(0, -3)}.ts`);
  return existsSync(typed) ? typed : undefined;
}
