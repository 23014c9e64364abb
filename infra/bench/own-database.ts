/**
 * A PostgreSQL of the benchmark's own, with the settings `npm start` uses: flushed to disk, vacuumed, and gone
 * afterwards. Nothing that runs beside it on the machine is touched.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, startEmbeddedServer } from '@iroko/database';
import type { BenchmarkOptions } from './benchmark';

export interface OwnDatabase {
  url: string;
  /** A folder for files and keys of the servers that use it. */
  dataDir: string;
}

export async function ownDatabase(
  { cleanup, report }: Pick<BenchmarkOptions, 'cleanup' | 'report'>,
  settings: Record<string, string> = {},
): Promise<OwnDatabase> {
  report('Starting a PostgreSQL for this benchmark');
  const dataDir = mkdtempSync(join(realpathSync(tmpdir()), 'iroko-bench-'));
  cleanup.add(() => rmSync(dataDir, { recursive: true, force: true }));
  const server = await startEmbeddedServer({
    folder: join(dataDir, 'postgres'),
    settings,
    removeAfter: true,
  });
  cleanup.add(() => server.stop());
  await migrate({ url: server.url });
  return { url: server.url, dataDir };
}
