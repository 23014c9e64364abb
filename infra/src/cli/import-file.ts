/** `iroko import`: upload, job, progress, report, all through the public API. */
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type ApiClient, Refusal } from '../client/api-client';
import { followJob, type JobView } from '../client/follow-job';
import type { ImportCommand } from './arguments';
import { CommandFailure } from './failure';
import type { ImportReport } from './import-report';

export interface ImportResult {
  jobId: string;
  report: ImportReport;
  /** Opens the rows in quarantine as CSV, for a quarter of an hour. */
  quarantineUrl: string | null;
}

/** Once the job is known, `onJob` gets its id, so that it can be cancelled. */
export interface ImportEvents {
  onStep(step: string): void;
  onJob(id: string): void;
  onProgress(job: JobView): void;
}

const SOURCES = `query Sources($after: String) {
  dataSources(first: 1000, after: $after) { nodes { id name } pageInfo { hasNextPage endCursor } }
}`;

const IMPORT = `mutation Import($input: ImportOrgUnitsInput!) { importOrgUnits(input: $input) { id } }`;

const CREATE = `mutation Create($input: CreateDataSourceInput!) { createDataSource(input: $input) { id } }`;

const FILE = `query File($id: ID!) { file(id: $id) { downloadUrl } }`;

/** Throws CommandFailure; whatever it throws, nothing was written. */
export async function importFile(
  client: ApiClient,
  command: ImportCommand,
  events: ImportEvents,
): Promise<ImportResult> {
  await refuseMissingFile(command.file);
  const recipe = command.mapping === undefined ? null : await readMapping(command.mapping);
  const dataSourceId = await sourceNamed(client, command);
  events.onStep(`Uploading ${basename(command.file)}`);
  const fileId = await client.uploadFile(command.file);
  const input = {
    fileId,
    dataSourceId,
    recipe,
    dryRun: command.dryRun,
    strict: command.strict,
    ...(command.keepAbsent ? { absentUnits: 'KEEP' } : {}),
  };
  const { importOrgUnits } = await client.graphql<{ importOrgUnits: { id: string } }>(IMPORT, { input });
  events.onJob(importOrgUnits.id);
  const job = await followJob(client, importOrgUnits.id, events.onProgress);
  const report = reportOf(job);
  const { fileId: quarantined } = report.quarantine;
  return { jobId: job.id, report, quarantineUrl: quarantined && (await linkTo(client, quarantined)) };
}

async function linkTo(client: ApiClient, fileId: string): Promise<string> {
  const { file } = await client.graphql<{ file: { downloadUrl: string } }>(FILE, { id: fileId });
  return new URL(file.downloadUrl, client.url).href;
}

async function refuseMissingFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new CommandFailure(`There is no file ${path}.`, [], 'FILE');
  if (!found.isFile()) throw new CommandFailure(`${path} is not a file.`, [], 'FILE');
}

async function readMapping(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new CommandFailure(`There is no mapping ${path}.`, [], 'FILE');
    throw new CommandFailure(`The mapping ${path} cannot be read: ${error.message}`, [], 'FILE');
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CommandFailure(`The mapping ${path} is not JSON: ${(error as Error).message}`, [], 'FILE');
  }
}

/** By id or name; accents and capitals count, since a script should say what it means. */
async function sourceNamed(
  client: ApiClient,
  { source: wanted, createSource }: ImportCommand,
): Promise<string> {
  const names: string[] = [];
  for (let after: string | null = null; ; ) {
    const { dataSources }: SourcesPage = await client.graphql<SourcesPage>(SOURCES, { after });
    const found = dataSources.nodes.find(({ id, name }) => id === wanted || name === wanted);
    if (found) return found.id;
    names.push(...dataSources.nodes.map(({ name }) => name));
    if (!dataSources.pageInfo.hasNextPage) break;
    after = dataSources.pageInfo.endCursor;
  }
  if (createSource) {
    const { createDataSource } = await client.graphql<{ createDataSource: { id: string } }>(CREATE, {
      input: { name: wanted },
    });
    return createDataSource.id;
  }
  const known = names.length > 0 ? `There are: ${names.slice(0, 20).join(', ')}.` : 'There are none yet.';
  throw new CommandFailure(
    `There is no source ${JSON.stringify(wanted)}.`,
    [known, 'With --create it is made.'],
    'NOT_FOUND',
  );
}

interface SourcesPage {
  dataSources: {
    nodes: { id: string; name: string }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
}

function reportOf(job: JobView): ImportReport {
  if (job.status === 'SUCCEEDED') return job.result as ImportReport;
  if (job.status === 'CANCELLED') {
    throw new CommandFailure('The import was cancelled; nothing was written.', [], 'CANCELLED');
  }
  const { code, message } = job.error ?? { code: 'INTERNAL', message: 'No reason was given.' };
  throw new CommandFailure(`The import failed; nothing was written. ${message}`, [`Job ${job.id}`], code);
}

/** Asks the API to stop the job; one that has just ended is no error. */
export async function cancelJob(client: ApiClient, id: string): Promise<void> {
  try {
    await client.graphql('mutation ($id: ID!) { cancelJob(id: $id) { id } }', { id });
  } catch (error) {
    if (!(error instanceof Refusal && error.code === 'CONFLICT')) throw error;
  }
}
