/**
 * The demo account, made at the first start with the embedded database: an invented country in two versions, a
 * form with visits, a dataset. Every step looks first whether it was done, so a start after a kill goes on where the last ended,
 * and a later start finds everything and asks a few questions only.
 */
import type { Database } from '@iroko/database';
import { foundAccount, passwordsOf } from '@iroko/identity';
import type { Settings } from '@iroko/settings';
import { ApiClient, Refusal } from '../client/api-client';
import { makeCountry } from './country';
import { loadDataset } from './demo-dataset';
import { demoPassword } from './demo-password';
import { DEMO_SOURCE, type DemoVersion, loadTree } from './demo-tree';
import { loadVisits } from './demo-visits';
import { secondVersion } from './second-version';

const SEED = 'kelandi';
const EMAIL = 'demo@iroko.example';

export interface DemoServices {
  /** The address of the stack, which answers already. */
  url: string;
  /** Founds the account; everything else goes through the API. */
  database: Database;
  settings: Settings;
  progress(step: string): void;
}

export interface Demo {
  email: string;
  password: string;
  /** A GraphQL query to paste. */
  query: string;
}

/** Null when the demo person has changed the password: then the demo is theirs, and nothing is loaded. */
export async function loadDemo({ url, database, settings, progress }: DemoServices): Promise<Demo | null> {
  const password = demoPassword(settings.dataDir);
  const founded = await foundAccount(
    { database, passwords: passwordsOf(settings) },
    {
      key: 'demo',
      slug: 'demo',
      name: 'Kelandi (demo)',
      administrator: { email: EMAIL, password, firstName: 'Demo', lastName: 'Person' },
    },
  );
  const client = await signedIn(url, password).catch((error) => {
    if (!founded.created && error instanceof Refusal && error.code === 'UNAUTHENTICATED') return null;
    throw error;
  });
  if (!client) return null;
  const versions = countryVersions();
  const sourceId = await loadTree(client, versions, progress);
  await loadVisits(client, sourceId, versions[1].country, progress);
  await loadDataset(client, sourceId, versions[1].country, progress);
  return { email: EMAIL, password, query: demoQuery(sourceId) };
}

async function signedIn(url: string, password: string): Promise<ApiClient> {
  const { signIn } = await new ApiClient(url).graphql<{ signIn: { accessToken: string } }>(
    'mutation ($email: String!, $password: String!) { signIn(email: $email, password: $password) { accessToken } }',
    { email: EMAIL, password },
  );
  return new ApiClient(url, signIn.accessToken);
}

function countryVersions(): [DemoVersion, DemoVersion] {
  const first = makeCountry(SEED);
  return [
    { country: first, name: '2024', description: 'As surveyed in 2024.' },
    {
      country: secondVersion(first),
      name: '2025',
      description: 'A border moved; facilities renamed, closed, opened and surveyed again.',
    },
  ];
}

const demoQuery = (sourceId: string) => `{
  # ${DEMO_SOURCE}, level by level
  orgUnits(dataSource: "${sourceId}", filter: { isRoot: true }) {
    nodes {
      name
      shape { areaM2 }
      children(first: 20) {
        totalCount
        nodes { name code childCount }
      }
    }
  }
}`;
