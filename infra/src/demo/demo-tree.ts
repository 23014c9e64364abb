/** The demo's tree: two released versions of Kelandi, each put in by the import job that any file goes through. */
import { type ApiClient, Refusal } from '../client/api-client';
import { followJob } from '../client/follow-job';
import { COUNTRY_MAPPING, countryFile } from './country-file';
import type { DemoCountry } from './units';

export const DEMO_SOURCE = 'Kelandi';

export interface DemoVersion {
  country: DemoCountry;
  name: string;
  description: string;
}

interface SourceState {
  id: string;
  name: string;
  versions: { nodes: { number: number; status: string }[] };
}

const SOURCES = `{ dataSources(first: 1000) { nodes { id name versions(first: 10) { nodes { number status } } } } }`;

/** The id of the demo's source. Versions that are released already are left as they are. */
export async function loadTree(
  client: ApiClient,
  versions: readonly DemoVersion[],
  progress: (step: string) => void,
): Promise<string> {
  const source = (await findSource(client)) ?? (await createSource(client));
  const released = source.versions.nodes.filter(({ status }) => status === 'RELEASED').length;
  for (const [index, version] of versions.entries()) {
    if (index < released) continue;
    progress(`Importing ${version.country.units.length} places of the demo country (${version.name})`);
    await importVersion(client, source.id, index + 1, version.country);
    await client.graphql(
      `mutation ($source: ID!, $name: String, $description: String) {
        releaseVersion(dataSource: $source, name: $name, description: $description) { id }
      }`,
      { source: source.id, name: version.name, description: version.description },
    );
  }
  return source.id;
}

async function findSource(client: ApiClient): Promise<SourceState | undefined> {
  const { dataSources } = await client.graphql<{ dataSources: { nodes: SourceState[] } }>(SOURCES);
  return dataSources.nodes.find(({ name }) => name === DEMO_SOURCE);
}

async function createSource(client: ApiClient): Promise<SourceState> {
  const input = { name: DEMO_SOURCE, description: 'An invented country, to try things on.' };
  const { createDataSource } = await client.graphql<{ createDataSource: { id: string } }>(
    'mutation ($input: CreateDataSourceInput!) { createDataSource(input: $input) { id } }',
    { input },
  );
  return { id: createDataSource.id, name: DEMO_SOURCE, versions: { nodes: [] } };
}

async function importVersion(
  client: ApiClient,
  dataSourceId: string,
  number: number,
  country: DemoCountry,
): Promise<void> {
  const fileId = await client.uploadText(`kelandi-${number}.csv`, countryFile(country));
  const recipe = COUNTRY_MAPPING;
  const idempotencyKey = `demo version ${number}`;
  const id = await jobOf(client, { fileId, dataSourceId, recipe, strict: true, idempotencyKey });
  let job = await followJob(client, id);
  if (job.status === 'CANCELLED' || job.status === 'FAILED') {
    await client.graphql('mutation ($id: ID!) { retryJob(id: $id) { id } }', { id });
    job = await followJob(client, id);
  }
  if (job.status !== 'SUCCEEDED') {
    throw new Error(`The demo could not be imported: ${job.error?.message ?? job.status}`);
  }
}

/** The job that imports; after a kill the one that was asked for before, which goes on or is done. */
async function jobOf(client: ApiClient, input: Record<string, unknown>): Promise<string> {
  try {
    const { importOrgUnits } = await client.graphql<{ importOrgUnits: { id: string } }>(
      'mutation ($input: ImportOrgUnitsInput!) { importOrgUnits(input: $input) { id } }',
      { input },
    );
    return importOrgUnits.id;
  } catch (error) {
    const known = error instanceof Refusal && error.code === 'CONFLICT' && error.details.jobId;
    if (typeof known === 'string') return known;
    throw error;
  }
}
