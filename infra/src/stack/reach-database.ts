/** The database that Iroko runs with, for commands that work on it directly. */
import { runningServerUrl, startEmbeddedServer } from '@iroko/database';
import type { Settings } from '@iroko/settings';

export interface ReachedDatabase {
  url: string;
  stop: () => Promise<void>;
}

/** An embedded one is started when it does not run already. */
export async function reachDatabase({
  databaseUrl,
  dataDir,
}: Pick<Settings, 'databaseUrl' | 'dataDir'>): Promise<ReachedDatabase> {
  const running = databaseUrl ?? runningServerUrl(`${dataDir}/postgres`);
  if (running) return { url: running, stop: async () => undefined };
  return startEmbeddedServer({ folder: `${dataDir}/postgres` });
}
