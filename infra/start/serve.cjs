/**
 * Runs one process of the stack from what was built: `node infra/start/serve.cjs all-in-one`, or one of those that
 * run apart: `apart/gateway`, `apart/workers`, `apart/subgraph identity`.
 */
const path = require('node:path');

const entry = path.join(__dirname, '../dist/stack', `${process.argv[2]}.js`);

require(entry)
  .main(process.argv.slice(3))
  .catch((error) => {
    // A fault that the person who started us can end says all in its message; a stack would hide it.
    const known = ['OperatorError', 'SettingsError'].includes(error?.name);
    console.error(known ? `\n${error.message}` : error);
    process.exit(1);
  });
