/** Imports through the public API, as the command line does them. */
import { setTimeout as pause } from 'node:timers/promises';
import type { ApiClient } from '../../src/client/api-client';
import { CSV_TREE_MAPPING } from './csv-tree';

const POLL_MS = 100;

export interface ImportResult {
  units: { added: number; changed: number; removed: number; same: number };
  quarantine: { count: number };
  milliseconds: Record<string, number>;
}

interface JobAnswer {
  job: { status: string; result: ImportResult; error: { message: string } | null };
}

export async function createSource(client: ApiClient, name: string): Promise<string> {
  const { createDataSource } = await client.graphql<{ createDataSource: { id: string } }>(
    'mutation ($input: CreateDataSourceInput!) { createDataSource(input: $input) { id } }',
    { input: { name } },
  );
  return createDataSource.id;
}

export async function release(client: ApiClient, dataSourceId: string): Promise<void> {
  await client.graphql('mutation ($id: ID!) { releaseVersion(dataSource: $id) { id } }', {
    id: dataSourceId,
  });
}

/** Seconds from the request to the end of the job: a readable draft. */
export async function importFile(
  client: ApiClient,
  dataSourceId: string,
  fileId: string,
): Promise<{ seconds: number; result: ImportResult }> {
  const started = performance.now();
  const { importOrgUnits } = await client.graphql<{ importOrgUnits: { id: string } }>(
    'mutation ($input: ImportOrgUnitsInput!) { importOrgUnits(input: $input) { id } }',
    { input: { fileId, dataSourceId, recipe: CSV_TREE_MAPPING } },
  );
  for (;;) {
    const { job } = await client.graphql<JobAnswer>(
      'query ($id: ID!) { job(id: $id) { status result error { message } } }',
      { id: importOrgUnits.id },
    );
    if (job.status === 'SUCCEEDED')
      return { seconds: (performance.now() - started) / 1000, result: job.result };
    if (job.status === 'FAILED' || job.status === 'CANCELLED')
      throw new Error(job.error?.message ?? job.status);
    await pause(POLL_MS);
  }
}
