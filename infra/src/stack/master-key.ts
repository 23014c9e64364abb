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
  const fresh = () => keepMasterKey(settings.dataDir, randomBytes(32).toString('hex'));
  return { ...settings, masterKey: keptMasterKey(settings.dataDir) ?? fresh() };
}

/** The key in the data folder, where there is one. */
export function keptMasterKey(dataDir: string): string | undefined {
  return readKey(pathIn(dataDir));
}

/**
 * Puts a key into the data folder; one that is there already stays. Answers the key that is there now. It is
 * linked into place when whole: of two processes that start at once, both use the key of the faster.
 */
export function keepMasterKey(dataDir: string, key: string): string {
  const path = pathIn(dataDir);
  mkdirSync(dataDir, { recursive: true });
  const own = `${path}.${process.pid}`;
  writeFileSync(own, `${key}\n`, { mode: 0o600 });
  try {
    linkSync(own, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(own, { force: true });
  }
  return readKey(path) ?? key;
}

const pathIn = (dataDir: string) => join(dataDir, 'master-key');

function readKey(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim() || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
