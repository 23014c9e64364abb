/** The demo's dataset: malaria cases of every district and month of half a year, with two rows that cannot be right. */
import { csvLine } from '@iroko/tabular';
import type { ApiClient } from '../client/api-client';
import { followJob } from '../client/follow-job';
import { randomFor } from './random';
import type { DemoCountry } from './units';

export const DEMO_DATASET = 'Malaria cases 2025';

const COLUMNS = ['district', 'month', 'consultations', 'confirmed', 'rainfall_mm'];
const MONTHS = 6;

/** A row per district and month; the last two name a district that does not exist, and a number that is none. */
export function casesFile(country: DemoCountry): string {
  const random = randomFor(country.seed, 'cases');
  const districts = country.units.filter((unit) => unit.level === 3);
  const rows = districts.flatMap(({ reference }) =>
    Array.from({ length: MONTHS }, (_, i) => {
      const rainfall = Math.round(random.between(0, 900) * (1 + i / 3)) / 10;
      const consultations = random.whole(200, 2500);
      const confirmed = Math.round(consultations * Math.min(0.6, 0.05 + rainfall / 400));
      return [reference, `2025-0${i + 1}-01`, String(consultations), String(confirmed), rainfall.toFixed(1)];
    }),
  );
  rows.push(['KE-99-01', '2025-06-01', '812', '240', '31.5']);
  rows.push([districts[0]?.reference ?? '', '2025-07-01', 'about 500', '120', '12.0']);
  return [COLUMNS, ...rows].map((row) => csvLine(row)).join('');
}

export async function loadDataset(
  client: ApiClient,
  dataSourceId: string,
  country: DemoCountry,
  progress: (step: string) => void,
): Promise<void> {
  if (await isThere(client)) return;
  progress('Making the demo dataset');
  const fileId = await client.uploadText('malaria-cases-2025.csv', casesFile(country));
  const input = {
    name: DEMO_DATASET,
    description: 'Invented. Two rows wait in quarantine: an unknown district, a number that is none.',
    fileId,
    fields: [{ heading: 'consultations', type: 'INTEGER' }],
    unit: { heading: 'district', by: 'REFERENCE', dataSourceId },
  };
  const { createDataset } = await client.graphql<{ createDataset: { job: { id: string } } }>(
    'mutation ($input: CreateDatasetInput!) { createDataset(input: $input) { job { id } } }',
    { input },
  );
  const job = await followJob(client, createDataset.job.id);
  // A job from before a kill may have made it while this one waited.
  if (job.status !== 'SUCCEEDED' && !(await isThere(client))) {
    throw new Error(`The demo dataset could not be made: ${job.error?.message ?? job.status}`);
  }
}

async function isThere(client: ApiClient): Promise<boolean> {
  const { datasets } = await client.graphql<{ datasets: { nodes: { name: string }[] } }>(
    '{ datasets(first: 1000) { nodes { name } } }',
  );
  return datasets.nodes.some(({ name }) => name === DEMO_DATASET);
}
