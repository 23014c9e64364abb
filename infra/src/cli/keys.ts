/**
 * `npm run iroko -- reseal` and `rotate-signing-key`: changing keys, on the machine of the database.
 */
import { Database } from '@iroko/database';
import { type Resealed, resealSecrets, SigningKeys } from '@iroko/identity';
import { masterKeys, readSettings, type Settings } from '@iroko/settings';
import { keptMasterKey } from '../stack/master-key';
import { reachDatabase } from '../stack/reach-database';

export function reseal(env: NodeJS.ProcessEnv): Promise<Resealed[]> {
  return withDatabase(env, (database, settings) => resealSecrets(database, masterKeys(settings)));
}

/** Answers the id of the new key. */
export function rotateSigningKey(env: NodeJS.ProcessEnv): Promise<string> {
  return withDatabase(env, (database, settings) => new SigningKeys(database, masterKeys(settings)).rotate());
}

export function resealLines(resealed: readonly Resealed[]): string[] {
  return resealed.map(({ name, resealed: count, unopened }) => {
    const done = `${name}: ${count} encrypted anew.`;
    if (unopened.length === 0) return done;
    return `${done} ${unopened.length} open with none of the keys given: ${unopened.join(', ')}`;
  });
}

async function withDatabase<Result>(
  env: NodeJS.ProcessEnv,
  work: (database: Database, settings: Settings) => Promise<Result>,
): Promise<Result> {
  const read = readSettings(env);
  // As npm start: a given key, else the one of the data folder. None is made here.
  const kept = read.masterKey ?? keptMasterKey(read.dataDir);
  const settings = kept === undefined ? read : { ...read, masterKey: kept };
  masterKeys(settings);
  const reached = await reachDatabase(settings);
  const database = new Database({ url: reached.url, name: 'keys' });
  try {
    return await work(database, settings);
  } finally {
    await database.close();
    await reached.stop();
  }
}
