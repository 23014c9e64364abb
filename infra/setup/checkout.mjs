/** Where this checkout is and what of it decides whether something has to be done again. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** The folders of all workspaces, relative to the root. */
export function workspaces() {
  const inside = (folder) =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && existsSync(join(root, folder, entry.name, 'package.json')))
      .map((entry) => `${folder}/${entry.name}`);
  return ['gateway', 'infra', ...inside('packages'), ...inside('subgraphs')];
}

/** A hash of the contents of these files; a file that is not there counts as empty. */
export function contentHash(paths, ...more) {
  const hash = createHash('sha256').update(JSON.stringify(more));
  for (const path of paths) {
    const absolute = join(root, path);
    hash.update(`${path}\0`).update(existsSync(absolute) ? readFileSync(absolute) : '');
  }
  return hash.digest('hex');
}

/** A hash of names, sizes and times of all files under these folders: quick, and changed by any edit. */
export function treeHash(folders) {
  const hash = createHash('sha256');
  for (const folder of folders) {
    for (const path of filesUnder(join(root, folder)).sort()) {
      const { size, mtimeMs } = statSync(path);
      hash.update(`${relative(root, path)}\0${size}\0${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  if (statSync(folder).isFile()) return [folder];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (['node_modules', 'dist'].includes(entry.name)) return [];
    return filesUnder(join(folder, entry.name));
  });
}

/** Remembers that something was done for a state of the checkout. */
export function stamp(name) {
  const path = join(root, '.build', name);
  return {
    holds: (value) => existsSync(path) && readFileSync(path, 'utf8') === value,
    write: (value) => {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, value);
    },
  };
}
