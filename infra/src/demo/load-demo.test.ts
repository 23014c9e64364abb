import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '@iroko/settings';
import { type StackUnderTest, stackUnderTest } from '../testing/stack-under-test';
import { type Demo, type DemoServices, loadDemo } from './load-demo';
import { CHANGES } from './second-version';

jest.setTimeout(180_000);

describe('the demo', () => {
  let iroko: StackUnderTest;
  let services: DemoServices;
  let demo: Demo;
  const steps: string[] = [];
  const dataDir = mkdtempSync(join(tmpdir(), 'iroko-demo-'));

  beforeAll(async () => {
    iroko = await stackUnderTest();
    const { database, stack } = iroko;
    const settings = readSettings({ DATA_DIR: dataDir, ARGON2_MEMORY_KB: '8192' });
    services = { url: stack.url, database, settings, progress: (step) => steps.push(step) };
    // Ended in the middle, again and again, as by a kill: each start goes on where the last one was.
    for (let loaded: Demo | null = null; !loaded; ) {
      const before = steps.length;
      const progress = (step: string) => {
        if (steps.length > before) throw new Error('killed');
        steps.push(step);
      };
      loaded = await loadDemo({ ...services, progress }).catch((error) => {
        if ((error as Error).message !== 'killed') throw error;
        return null;
      });
      if (loaded) demo = loaded;
    }
  });
  afterAll(async () => {
    await iroko.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function asDemo() {
    const { signIn } = await iroko.anonymous.data(
      'mutation ($email: String!, $password: String!) { signIn(email: $email, password: $password) { accessToken } }',
      { email: demo.email, password: demo.password },
    );
    return iroko.client(signIn.accessToken);
  }

  it('does every step once, however often it was ended in between', () => {
    expect(steps).toEqual([
      expect.stringContaining('(2024)'),
      expect.stringContaining('(2025)'),
      expect.stringContaining('submissions'),
      expect.stringContaining('dataset'),
    ]);
  });

  it('has a tree in two released versions whose difference is what happened in the country', async () => {
    const client = await asDemo();
    const { dataSources } = await client.data(
      '{ dataSources { nodes { name versions { nodes { id number status } } } } }',
    );
    const [source] = dataSources.nodes;
    expect(source.name).toBe('Kelandi');
    const byNumber = (number: number) =>
      source.versions.nodes.find((version: { number: number }) => version.number === number);
    expect(source.versions.nodes).toHaveLength(2);
    expect([byNumber(1).status, byNumber(2).status]).toEqual(['RELEASED', 'RELEASED']);
    const { versionDiff, moved } = await client.data(
      `query ($from: ID!, $to: ID!) {
        versionDiff(from: $from, to: $to) { counts { added removed changed } }
        moved: versionDiff(from: $from, to: $to, filter: { fields: [SHAPE] }) { counts { changed } }
      }`,
      { from: byNumber(1).id, to: byNumber(2).id },
    );
    expect(versionDiff.counts).toMatchObject({ added: CHANGES.opened, removed: CHANGES.removed });
    expect(versionDiff.counts.changed).toBeGreaterThan(100);
    // The two districts between which a border moved.
    expect(moved.counts.changed).toBe(2);
  });

  it('answers the query that the start prints', async () => {
    const { orgUnits } = await (await asDemo()).data(demo.query);
    expect(orgUnits.nodes).toHaveLength(1);
    expect(orgUnits.nodes[0]).toMatchObject({ name: 'Kelandi', children: { totalCount: 9 } });
    expect(orgUnits.nodes[0].shape.areaM2).toBeGreaterThan(1e10);
  });

  it('has visits at facilities', async () => {
    const { submissions } = await (await asDemo()).data(
      '{ submissions(first: 1000) { totalCount nodes { orgUnit { name } } } }',
    );
    expect(submissions.totalCount).toBe(150);
    expect(submissions.nodes.every((node: { orgUnit: unknown }) => node.orgUnit)).toBe(true);
  });

  it('has a dataset whose rows stand at districts, and two that wait in quarantine', async () => {
    const { datasets } = await (await asDemo()).data(
      `{ datasets { nodes {
        name
        rows(first: 1) { totalCount nodes { orgUnit { name reference } } }
        quarantine { nodes { defects { reason } } }
      } } }`,
    );
    const [dataset] = datasets.nodes;
    expect(dataset.rows.totalCount).toBeGreaterThan(300);
    expect(dataset.rows.nodes[0].orgUnit.reference).toBe('KE-01-01');
    expect(dataset.quarantine.nodes).toHaveLength(2);
  });

  it('keeps its password where only its owner reads it, and gives the same at a second start', async () => {
    expect(statSync(join(dataDir, 'demo-password')).mode & 0o777).toBe(0o600);
    const before = steps.length;
    expect(await loadDemo(services)).toEqual(demo);
    expect(steps).toHaveLength(before);
  });
});
