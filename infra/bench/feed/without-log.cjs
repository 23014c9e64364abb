// `--require without-log.cjs`: Iroko as it would be without its log, to see what the log costs. Only for this.
const Module = require('node:module');

const load = Module._load;
const silent = { recordChange: async () => '', recordChanges: async () => [] };

Module._load = (request, ...rest) => {
  const loaded = load(request, ...rest);
  if (request !== '@iroko/changes') return loaded;
  return new Proxy(loaded, {
    get: (target, name) => (Object.hasOwn(silent, name) ? silent[name] : target[name]),
  });
};
