/** `npm run backup -- FILE` and `npm run restore -- FILE`. */
import { resolve } from 'node:path';
import { OperatorError } from '@iroko/database';
import { DiskStorage } from '@iroko/files';
import { readSettings, type Settings } from '@iroko/settings';
import { readBuild } from '../stack/build-info';
import { keepMasterKey, keptMasterKey } from '../stack/master-key';
import { reachDatabase } from '../stack/reach-database';
import { backUp } from './back-up';
import { restore } from './restore';

export async function main([verb, file]: readonly string[]): Promise<void> {
  if (!file || !['backup', 'restore'].includes(verb ?? '')) {
    throw new OperatorError('Which file?', ['npm run backup -- FILE', 'npm run restore -- FILE']);
  }
  const settings = readSettings();
  const database = await reachDatabase(settings);
  try {
    if (verb === 'backup') await runBackup(settings, database.url, resolve(file));
    else await runRestore(settings, database.url, resolve(file));
  } finally {
    await database.stop();
  }
}

async function runBackup(settings: Settings, url: string, file: string): Promise<void> {
  const { tables, files } = await backUp({
    url,
    file,
    storage: storageOf(settings),
    masterKey: settings.masterKey ?? keptMasterKey(settings.dataDir),
    keepsMasterKey: settings.masterKey === undefined,
    version: readBuild().version,
    onProgress: say,
  });
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  console.log(`Backed up ${rows} rows of ${tables.length} tables and ${files} files to ${file}`);
  if (settings.masterKey)
    console.log('MASTER_KEY is not in it: keep it in another place; a restore needs it.');
}

async function runRestore(settings: Settings, url: string, file: string): Promise<void> {
  const manifest = await restore({
    url,
    file,
    storage: storageOf(settings),
    masterKey: settings.masterKey ?? keptMasterKey(settings.dataDir),
    keepMasterKey: async (key) => void keepMasterKey(settings.dataDir, key),
    onProgress: say,
  });
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
  console.log(`Restored ${rows} rows and ${manifest.files} files of ${manifest.createdAt}`);
}

const storageOf = ({ dataDir }: Settings) => new DiskStorage(resolve(dataDir, 'files'));

const say = (text: string) => process.stderr.write(`• ${text}\n`);
