/** Writes the schemas that are not current, and says which. */
import { staleSchemas, writeSchemas } from './committed';

const stale = staleSchemas();
writeSchemas(stale);
for (const { path } of stale) console.log(path);
process.exit(0);
