/** The database of a stack: the one named in DATABASE_URL, or the embedded one in DATA_DIR; migrated either way. */
import { join } from 'node:path';
import { migrate, startEmbeddedServer } from '@iroko/database';
import type { Settings } from '@iroko/settings';
import { tellProgress } from './starter';

export interface StackDatabase {
  readonly url: string;
  readonly embedded: boolean;
  /** Settles when an embedded server has ended, asked to or not; never for a server of somebody else. */
  readonly exited: Promise<void>;
  /** Ends the embedded server; leaves a server of somebody else alone. */
  stop(): Promise<void>;
}

/** Starts or finds the database and applies the migrations that are missing. */
export async function openStackDatabase(settings: Settings): Promise<StackDatabase> {
  const database = await locate(settings);
  try {
    await migrate({ url: database.url, onMigration: (name) => tellProgress(`Applying migration ${name}`) });
    return database;
  } catch (error) {
    await database.stop();
    throw error;
  }
}

async function locate({ databaseUrl, dataDir }: Settings): Promise<StackDatabase> {
  if (databaseUrl) {
    return {
      url: databaseUrl,
      embedded: false,
      exited: new Promise(() => undefined),
      stop: async () => undefined,
    };
  }
  tellProgress('Starting the embedded PostgreSQL');
  const server = await startEmbeddedServer({ folder: join(dataDir, 'postgres') });
  return { url: server.url, embedded: true, exited: server.exited, stop: () => server.stop() };
}
