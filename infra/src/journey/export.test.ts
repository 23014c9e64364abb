import { type StackUnderTest, stackUnderTest } from '../testing/stack-under-test';
import { type SmallTree, smallTree } from '../testing/tree';

const EXPORT = 'mutation ($input: ExportOrgUnitsInput!) { exportOrgUnits(input: $input) { id status } }';

describe('an export', () => {
  let iroko: StackUnderTest;
  let tree: SmallTree;
  beforeAll(async () => {
    iroko = await stackUnderTest();
    tree = await smallTree(iroko.administrator);
    await smallTree(iroko.twinAdministrator);
  });
  afterAll(() => iroko.close());

  async function exported(input: Record<string, unknown>) {
    const { exportOrgUnits } = await iroko.administrator.data(EXPORT, {
      input: { versionId: tree.versionId, ...input },
    });
    const result = await iroko.administrator.result(exportOrgUnits.id);
    const { file } = await iroko.administrator.data(
      'query ($id: ID!) { file(id: $id) { name downloadUrl } }',
      {
        id: result.fileId,
      },
    );
    const response = await fetch(file.downloadUrl);
    return { result, name: file.name, text: await response.text() };
  }

  it('is a table with every field, safe to open in a spreadsheet', async () => {
    const { result, name, text } = await exported({ format: 'CSV' });
    expect(name).toBe('Health map v1.csv');
    expect(result.units).toBe(2);
    expect(text.split('\r\n')).toEqual([
      'reference,name,type,parent_reference,code,status,aliases,longitude,latitude,altitude,opening_date,closed_date,groups,attributes,shape',
      'CD,République,,,,VALID,,,,,,,,,"MULTIPOLYGON (((29 -2, 30 -2, 30 -1, 29 -2)))"',
      `S-1,"'=ÉCOLE ""A"";\nB",School of Health map,CD,-007,NEW,"[""x|y"",""z""]",0,-1.5,412.5,1999-09-01,,"[""pub|lic""]","{""rooms, all"":""12""}",`,
      '',
    ]);
  });

  it('is GeoJSON in which neither shape nor location hides the other', async () => {
    const { text } = await exported({ format: 'GEOJSON' });
    const { type, features } = JSON.parse(text);
    expect(type).toBe('FeatureCollection');
    expect(
      features.map((feature: { id: string; geometry: { type: string } }) => [
        feature.id,
        feature.geometry.type,
      ]),
    ).toEqual([
      ['CD', 'MultiPolygon'],
      ['S-1', 'Point'],
    ]);
    expect(features[1].geometry.coordinates).toEqual([0, -1.5, 412.5]);
    expect(features[1].properties).toMatchObject({
      parentReference: 'CD',
      groups: ['pub|lic'],
      attributes: { 'rooms, all': '12' },
    });
  });

  it('holds what the filter keeps and nothing else', async () => {
    const { result, text } = await exported({ format: 'CSV', filter: { text: 'ecole' } });
    expect(result.units).toBe(1);
    expect(text).not.toContain('République');
  });

  it('of a version of another account is refused like one that never was', async () => {
    const input = { versionId: tree.versionId, format: 'CSV' };
    expect(await iroko.twinAdministrator.code(EXPORT, { input })).toBe('NOT_FOUND');
    expect(await iroko.administrator.code(EXPORT, { input: { ...input, versionId: 'made up' } })).toBe(
      'NOT_FOUND',
    );
    expect(await iroko.anonymous.code(EXPORT, { input })).toBe('UNAUTHENTICATED');
  });
});
