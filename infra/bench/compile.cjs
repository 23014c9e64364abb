// `node --require compile.cjs FILE.ts`: compiles TypeScript as the build does, decorators and their metadata
// included, which esbuild leaves out. Workspaces imported by their name still come from what was built.
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { transformSync } = require('@swc/core');

const configFile = path.join(__dirname, '../../.swcrc');

Module._extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename,
    configFile,
    sourceMaps: 'inline',
  });
  module._compile(code, filename);
};
