import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../../..');
const LINK = /\]\((?!https?:|#|mailto:)([^)#\s]+)/g;

function pages(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return pages(join(folder, entry.name));
    return entry.name.endsWith('.md') ? [join(folder, entry.name)] : [];
  });
}

describe('the pages for people', () => {
  const all = [join(ROOT, 'README.md'), join(ROOT, 'CONTRIBUTING.md'), ...pages(join(ROOT, 'docs'))];

  it.each(all.map((page) => [relative(ROOT, page)]))('%s leads nowhere that is not there', (page) => {
    const path = join(ROOT, page);
    const links = [...readFileSync(path, 'utf8').matchAll(LINK)].map(([, target]) => target as string);
    expect(links.filter((target) => !existsSync(resolve(dirname(path), target)))).toEqual([]);
  });

  it('the commands that README and CONTRIBUTING name exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const named = all
      .slice(0, 2)
      .flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/npm (?:run )?(start|test|[a-z0-9:]+)/g)]);
    const names = named.map(([, name]) => name as string).filter((name) => name !== 'run');
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !(name in scripts))).toEqual([]);
  });
});
