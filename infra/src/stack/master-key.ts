/**
 * The key that encrypts signing keys and secrets. An operator gives it; outside production one is made at the
 * first start and kept in the data folder, since without it what it encrypted is lost.
 */
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Settings, SettingsError } from '@iroko/settings';

/** The settings with a master key: the given one, or the one kept in the data folder, made when absent. */
export function withMasterKey(settings: Settings): Settings {
  if (settings.masterKey) return settings;
  if (settings.nodeEnv === 'production') {
    throw new SettingsError([
      'MASTER_KEY is missing: with NODE_ENV=production give 32 bytes in base64 or hexadecimal.',
    ]);
  }
  const path = join(settings.dataDir, 'master-key');
  return { ...settings, masterKey: readKey(path) ?? makeKey(settings.dataDir, path) };
}

function readKey(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim() || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Linked into place when whole: of two processes that start at once, both use the key of the faster. */
function makeKey(folder: string, path: string): string {
  mkdirSync(folder, { recursive: true });
  const own = `${path}.${process.pid}`;
  writeFileSync(own, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
  try {
    linkSync(own, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(own, { force: true });
  }
  return readKey(path) ?? '';
}
