/**
 * What a process of the stack opens once, and what each subgraph in it is given.
 */
import { resolve } from 'node:path';
import { ChangeCursors } from '@iroko/changes';
import { Database, subgraphRole } from '@iroko/database';
import { DiskStorage, Files } from '@iroko/files';
import { Cursors, type SubgraphName } from '@iroko/graph';
import type { MasterKeys } from '@iroko/secrets';
import { masterKey, masterKeys, type Settings } from '@iroko/settings';
import type { Logger } from '@iroko/telemetry';
import { Viewers } from '@iroko/viewer';

/** What a subgraph is made from; each declares the part that it uses. */
export interface SubgraphServices {
  readonly settings: Settings;
  readonly log: Logger;
  /** A pool of this subgraph's own. */
  readonly database: Database;
  readonly viewers: Viewers;
  readonly cursors: Cursors;
  readonly changeCursors: ChangeCursors;
  readonly files: Files;
  readonly masterKey: Buffer;
  readonly masterKeys: MasterKeys;
  /** Where people reach Iroko, without a slash at the end; known once the door is open. */
  readonly publicUrl: () => string;
}

export interface StackServices {
  /** The pool of viewers, sealer, relay and workers. */
  readonly platform: Database;
  readonly viewers: Viewers;
  readonly files: Files;
  forSubgraph(name: SubgraphName): SubgraphServices;
  /** Whether each subgraph of this process reaches its data. */
  subgraphChecks(): { name: string; check(): Promise<void> }[];
  /** Called once the port is known: links in answers begin with it unless `PUBLIC_URL` is set. */
  reachedAt(url: string): void;
  close(): Promise<void>;
}

/** `roles` are those that the database lets us act as; a subgraph whose role is among them acts as it. */
export function openServices(
  settings: Settings,
  databaseUrl: string,
  log: Logger,
  roles: ReadonlySet<string>,
): StackServices {
  const key = masterKey(settings);
  const open = (name: string, role?: string) =>
    new Database({
      url: databaseUrl,
      name,
      maxConnections: settings.databaseConnections,
      ...(role && roles.has(role) ? { role } : {}),
    });
  const platform = open('platform');
  const subgraphDatabases = new Map<SubgraphName, Database>();
  const viewers = new Viewers(platform, { accountHostSuffix: settings.accountHostSuffix });
  let reached = settings.publicUrl ?? '';
  const publicUrl = () => reached.replace(/\/$/, '');
  const files = new Files({
    storage: new DiskStorage(resolve(settings.dataDir, 'files')),
    masterKey: key,
    limitBytes: settings.uploadLimitMb * 1024 * 1024,
    publicUrl,
  });
  const shared = {
    settings,
    viewers,
    files,
    masterKey: key,
    masterKeys: masterKeys(settings),
    publicUrl,
    cursors: new Cursors(key),
    changeCursors: new ChangeCursors(key),
  };
  return {
    platform,
    viewers,
    files,
    forSubgraph(name) {
      const database = open(name, subgraphRole(name));
      subgraphDatabases.set(name, database);
      return { ...shared, database, log: log.child({ subgraph: name }) };
    },
    subgraphChecks: () =>
      [...subgraphDatabases].map(([name, database]) => ({
        name: `subgraph ${name}`,
        check: () => database.check(),
      })),
    reachedAt(url) {
      reached ||= url;
    },
    async close() {
      await viewers.close();
      await Promise.all([platform, ...subgraphDatabases.values()].map((database) => database.close()));
    },
  };
}
