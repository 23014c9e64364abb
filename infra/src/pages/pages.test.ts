import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_CODES } from '@iroko/errors';
import { PAGES } from './list';
import { table } from './page';

const docs = join(__dirname, '../../../docs');

describe('the printed pages', () => {
  it.each(PAGES.map((page) => [page.file, page]))(
    'docs/%s is current (npm run pages prints it)',
    (file, page) => {
      expect(readFileSync(join(docs, file), 'utf8')).toBe(page.render());
    },
  );

  it('name every error code', () => {
    const text = readFileSync(join(docs, 'errors.md'), 'utf8');
    for (const code of ERROR_CODES) expect(text).toContain(`\`${code}\``);
  });

  it('keep a bar in a cell from ending it', () => {
    expect(table(['a'], [['x | y']])).toBe('| a |\n| --- |\n| x \\| y |');
  });
});
