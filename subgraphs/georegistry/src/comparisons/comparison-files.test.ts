import { seedMember } from '@iroko/testing';
import { ALL_PERMISSIONS } from '@iroko/viewer';
import { COMPARE, CompareGround, UNITS } from '../testing/comparing';
import { fileOf, resultOf, work } from '../testing/jobs';
import { type Data, type TestRegistry, testRegistry } from '../testing/registry';
import type { Story } from '../testing/story';

jest.setTimeout(60_000);
let registry: TestRegistry;
let story: Story;
let ground: CompareGround;
beforeAll(async () => {
  registry = await testRegistry();
  ground = new CompareGround(registry);
  story = ground.story;
});
afterAll(() => registry.close());

describe('a comparison as a file', () => {
  const EXPORT = 'mutation ($input: ExportComparisonInput!) { exportComparison(input: $input) { id } }';
  const exported = async (comparisonId: string, format: string, statuses?: string[]) => {
    const { exportComparison } = await registry.data(EXPORT, { input: { comparisonId, format, statuses } });
    const { fileId, units } = await resultOf(registry, exportComparison.id);
    return { content: await fileOf(registry, fileId), units };
  };

  it('is a CSV, a sheet or GeoJSON, with before, after and the geodesic distance in metres', async () => {
    const { one, other } = await ground.twoSources();
    await story.edit(other.clinic, { name: '=Clinic', location: { longitude: 0, latitude: 1 } });
    await story.unit(other.source.id, { name: 'Ward', reference: 'ward', parentId: other.clinic.unitId });
    const { id } = await ground.compared(one.source.draft.id, other.source.draft.id, {
      compare: ['NAME', 'PARENT', 'LOCATION'],
    });
    const csv = await exported(id, 'CSV');
    expect(csv.units).toBe(2);
    const [header, changed, ward] = csv.content.toString().replace('\ufeff', '').trim().split('\r\n');
    expect(header).toBe(
      'status,reference before,reference after,changed,name before,name after,parent before,parent after,location before,location after,distance_m',
    );
    expect(changed).toMatch(
      /^CHANGED,clinic,clinic,name\|location,Clinic,'=Clinic,District \(district\),District \(district\),0 0,0 1,110574\.38/,
    );
    expect(ward).toBe('NEW,,ward,,,Ward,,=Clinic (clinic),,,'.replace(',=Clinic', ",'=Clinic"));
    const onlyNew = await exported(id, 'GEOJSON', ['NEW', 'CHANGED']);
    const { features } = JSON.parse(onlyNew.content.toString());
    expect(features[0]).toMatchObject({
      geometry: { type: 'Point', coordinates: [0, 1] },
      properties: { status: 'CHANGED', nameBefore: 'Clinic', nameAfter: '=Clinic' },
    });
    expect(features[1]).toMatchObject({ geometry: null, properties: { status: 'NEW', nameAfter: 'Ward' } });
    const sheet = await exported(id, 'XLSX');
    expect(sheet.content.subarray(0, 2).toString()).toBe('PK');
  });

  it('defect 21: the page, the table, GeoJSON and a difference of versions say one distance', async () => {
    const { one, other } = await ground.twoSources();
    await story.edit(other.clinic, { location: { longitude: 29.4, latitude: -1.7 } });
    const [from, to] = [one.source.draft.id, other.source.draft.id];
    const comparison = await ground.compared(from, to, { compare: ['LOCATION'] });
    const [{ distanceMetres }] = comparison.units.nodes[0].fields;
    // Geodesic on WGS 84: neither degrees times 100 or 111 kilometres, nor cut off to a whole number.
    expect(distanceMetres).toBeCloseTo(3_277_702.027, 3);
    const { versionDiff } = await registry.data(
      `query ($from: ID!, $to: ID!) { versionDiff(from: $from, to: $to, filter: { fields: [LOCATION] }) {
        units { nodes { fields { field distanceMetres } } } } }`,
      { from, to },
    );
    expect(versionDiff.units.nodes[0].fields).toContainEqual({ field: 'LOCATION', distanceMetres });
    const csv = await exported(comparison.id, 'CSV');
    expect(csv.content.toString().trim().split('\r\n')[1]).toMatch(new RegExp(`,${distanceMetres}$`));
    const { features } = JSON.parse((await exported(comparison.id, 'GEOJSON')).content.toString());
    expect(features[0].properties.fields).toMatchObject([{ field: 'LOCATION', distanceMetres }]);
  });
});

describe('who may see a comparison', () => {
  it('one of another account is not found', async () => {
    const { one, other } = await ground.twoSources();
    const { id } = await ground.compared(one.source.draft.id, other.source.draft.id);
    const { administrator } = registry.twin;
    expect(await registry.ask(UNITS, { id }, administrator)).toMatchObject({ code: 'NOT_FOUND' });
    const input = { from: one.source.draft.id, to: other.source.draft.id };
    expect(await registry.ask(COMPARE, { input }, administrator)).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('it tells of whole trees, so a scope of some units is refused', async () => {
    const { one, other } = await ground.twoSources();
    const { id } = await ground.compared(one.source.draft.id, other.source.draft.id);
    const local = await seedMember(registry.database, registry.account.accountId, {
      permissions: ALL_PERMISSIONS,
      scope: { unitIds: [one.district.unitId] },
    });
    const input = { from: one.source.draft.id, to: other.source.draft.id };
    for (const [query, variables] of [
      [UNITS, { id }],
      [COMPARE, { input }],
      ['{ comparisons { totalCount } }', {}],
    ] as const) {
      expect((await registry.ask(query, variables, local)).code).toBe('FORBIDDEN');
    }
  });

  it('a deleted one is gone, from the list too', async () => {
    const { one, other } = await ground.twoSources();
    const { id } = await ground.compared(one.source.draft.id, other.source.draft.id);
    const list = async () =>
      (await registry.data('{ comparisons(first: 1000) { totalCount nodes { id } } }')).comparisons.nodes.map(
        (node: Data) => node.id,
      );
    expect((await list())[0]).toBe(id);
    await registry.data('mutation ($id: ID!) { deleteComparison(id: $id) }', { id });
    expect(await list()).not.toContain(id);
    expect(await registry.ask(UNITS, { id })).toMatchObject({ code: 'NOT_FOUND' });
    await work(registry);
  });

  it('a discarded draft takes its comparisons along', async () => {
    const { one, other } = await ground.twoSources();
    const { id } = await ground.compared(one.source.draft.id, other.source.draft.id);
    await registry.data('mutation ($id: ID!) { discardDraft(dataSource: $id) { changedUnits } }', {
      id: other.source.id,
    });
    expect(await registry.ask(UNITS, { id })).toMatchObject({ code: 'NOT_FOUND' });
  });
});
