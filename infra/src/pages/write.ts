/** `npm run pages`: prints the pages of `docs/` anew. Run from the root of the checkout. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PAGES } from './list';

for (const page of PAGES) {
  writeFileSync(join('docs', page.file), page.render());
  process.stdout.write(`docs/${page.file}\n`);
}
