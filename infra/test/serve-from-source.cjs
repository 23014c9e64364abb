/** Like infra/start/serve.cjs, but from the sources: one process of the stack for a test. */
require('./from-source.cjs');
const path = require('node:path');

require(path.join(__dirname, '../src/stack', `${process.argv[2]}.ts`))
  .main(process.argv.slice(3))
  .catch((error) => {
    console.error(error);
    process.exit(1);
  });
