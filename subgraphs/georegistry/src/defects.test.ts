/**
 * Defects of the systems that came before, each shown to be impossible here: those that no test beside the code shows
 * already. `defect N` in the name of a test is the number that the list of requirements gives it.
 */
import { runJobsUntilIdle } from '@iroko/jobs';
import { seedMember } from '@iroko/testing';
import { Viewers } from '@iroko/viewer';
import { isEnumType } from 'graphql';
import { fileOf } from './testing/jobs';
import { type Data, type TestRegistry, testRegistry } from './testing/registry';
import { Story } from './testing/story';

let registry: TestRegistry;
let story: Story;
beforeAll(async () => {
  registry = await testRegistry();
  story = new Story(registry);
});
afterAll(() => registry.close());

it('defect 2: a unit moves neither below itself nor below what stands below it, also when that moves too', async () => {
  const source = await story.source();
  const a = await story.unit(source.id, { name: 'A' });
  const b = await story.unit(source.id, { name: 'B', parentId: a.unitId });
  const c = await story.unit(source.id, { name: 'C', parentId: b.unitId });
  for (const { unitId } of [a, b, c]) {
    expect((await story.tryEdit(a, { parentId: unitId })).code).toBe('BAD_USER_INPUT');
  }
  // Whichever is first: C is a root and takes A below it, or A stays and C is a root.
  const [down, up] = await Promise.all([
    story.tryEdit(a, { parentId: c.unitId }),
    story.tryEdit(c, { parentId: null }),
  ]);
  expect(up.code).toBeUndefined();
  expect([undefined, 'BAD_USER_INPUT']).toContain(down.code);
  const below = await story.names(source.draft.id, { subtree: c.unitId });
  expect(below).toEqual(down.code === undefined ? ['A', 'B', 'C'] : ['C']);
});

it('defect 6: the API and the database know the same three statuses, and CLOSED is none', async () => {
  const { unitId } = await story.unit((await story.source()).id, { name: 'U' });
  const type = registry.subgraph.schema.getType('OrgUnitStatus');
  expect(isEnumType(type) && type.getValues().map(({ name }) => name)).toEqual(['NEW', 'VALID', 'REJECTED']);
  const close = `UPDATE georegistry.org_unit_state SET status = 'CLOSED' WHERE unit_id = $1`;
  await expect(registry.database.pool.query(close, [unitId])).rejects.toMatchObject({
    constraint: 'org_unit_state_status',
  });
});

describe('defect 8: a unit closes after it opened', () => {
  it('also when an edit names one of the two days alone', async () => {
    const source = await story.source();
    const unit = await story.unit(source.id, {
      name: 'U',
      openingDate: '2020-01-02',
      closedDate: '2021-01-01',
    });
    for (const dates of [{ closedDate: '2020-01-01' }, { openingDate: '2021-01-01' }]) {
      expect((await story.tryEdit(unit, dates)).code).toBe('BAD_USER_INPUT');
    }
  });

  it('and one of which nobody knows when it opened may close', async () => {
    const unit = await story.unit((await story.source()).id, { name: 'U', closedDate: '2020-01-01' });
    expect(unit).toMatchObject({ openingDate: null, closedDate: '2020-01-01' });
  });
});

it('defect 16: an export holds what the scope of whoever asks for it holds, and no more', async () => {
  const source = await story.source();
  const north = await story.unit(source.id, { name: 'North' });
  await story.unit(source.id, { name: 'Clinic of the north', parentId: north.unitId });
  await story.unit(source.id, { name: 'South' });
  const version = await story.release(source.id);
  const member = await seedMember(registry.database, registry.account.accountId, {
    permissions: ['org_units.read', 'org_units.export'],
    scope: { unitIds: [north.unitId] },
  });
  const EXPORT = 'mutation ($input: ExportOrgUnitsInput!) { exportOrgUnits(input: $input) { id } }';
  const input = { versionId: version.id, format: 'CSV' };
  const { data } = await registry.ask(EXPORT, { input }, member);
  const { database, subgraph, db } = registry;
  const viewers = new Viewers(database);
  await runJobsUntilIdle({ database, viewers, jobs: subgraph.jobs });
  await viewers.close();
  const { result } = await db.one<{ result: Data }>(
    db.sql`SELECT j.result FROM platform.job j WHERE j.account_id = ${db.account} AND j.id = ${data.exportOrgUnits.id}`,
  );
  expect(result.units).toBe(2);
  const text = (await fileOf(registry, result.fileId)).toString();
  expect(text).toContain('Clinic of the north');
  expect(text).not.toContain('South');
});

describe('defect 23: a box keeps what lies between its four sides', () => {
  const box = { west: 10, south: -5, east: 30, north: 5 };

  it('of points, by longitude and by latitude', async () => {
    const source = await story.source();
    const points = {
      inside: [20, 0],
      corner: [10, -5],
      west: [9, 0],
      east: [31, 0],
      north: [20, 6],
      south: [20, -6],
    };
    for (const [name, [longitude, latitude]] of Object.entries({ ...points, turned: [0, 20] })) {
      await story.unit(source.id, { name, location: { longitude, latitude } });
    }
    expect(await story.names(source.draft.id, { boundingBox: box })).toEqual(['corner', 'inside']);
  });

  it('of shapes, those that meet it anywhere', async () => {
    const source = await story.source();
    const shape = (west: number, south: number, size: number) => ({
      type: 'Polygon',
      coordinates: [
        [
          [west, south],
          [west + size, south],
          [west + size, south + size],
          [west, south + size],
          [west, south],
        ],
      ],
    });
    const shapes = {
      around: shape(0, -20, 50),
      within: shape(15, 0, 1),
      edge: shape(30, 0, 1),
      beside: shape(31, 0, 1),
      above: shape(15, 6, 1),
    };
    for (const [name, outline] of Object.entries(shapes))
      await story.unit(source.id, { name, shape: outline });
    expect(await story.names(source.draft.id, { boundingBox: box })).toEqual(['around', 'edge', 'within']);
  });
});
