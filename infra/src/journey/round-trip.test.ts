import { type StackUnderTest, stackUnderTest } from '../testing/stack-under-test';
import { type SmallTree, smallTree } from '../testing/tree';

const IMPORT = 'mutation ($input: ImportOrgUnitsInput!) { importOrgUnits(input: $input) { id } }';

describe('an exported CSV', () => {
  let iroko: StackUnderTest;
  let tree: SmallTree;
  let csv: string;
  let mapping: Record<string, unknown>;

  beforeAll(async () => {
    iroko = await stackUnderTest();
    tree = await smallTree(iroko.administrator);
    await iroko.administrator.data('mutation ($id: ID!) { releaseVersion(dataSource: $id) { id } }', {
      id: tree.dataSourceId,
    });
    ({ csv, mapping } = await exportedCsv(tree.versionId));
  });
  afterAll(() => iroko.close());

  async function exportedCsv(versionId: string) {
    const { exportOrgUnits } = await iroko.administrator.data(
      'mutation ($input: ExportOrgUnitsInput!) { exportOrgUnits(input: $input) { id } }',
      { input: { versionId, format: 'CSV' } },
    );
    const result = await iroko.administrator.result(exportOrgUnits.id);
    const { file } = await iroko.administrator.data('query ($id: ID!) { file(id: $id) { downloadUrl } }', {
      id: result.fileId,
    });
    return { csv: await (await fetch(file.downloadUrl)).text(), mapping: result.mapping };
  }

  async function imported(dataSourceId: string, content: string) {
    const { id } = await iroko.administrator.upload('units.csv', content, 'text/csv');
    const { importOrgUnits } = await iroko.administrator.data(IMPORT, {
      input: { fileId: id, dataSourceId, mapping },
    });
    return iroko.administrator.result(importOrgUnits.id);
  }

  it('changes nothing when it is imported where it came from', async () => {
    const report = await imported(tree.dataSourceId, csv);
    expect(report.units).toMatchObject({ added: 0, changed: 0, moved: 0, removed: 0, same: 2 });
    expect(report.quarantine.count).toBe(0);
  });

  it('makes the same tree elsewhere', async () => {
    const { createDataSource: copy } = await iroko.administrator.data(
      'mutation { createDataSource(input: { name: "Copy" }) { id } }',
    );
    const report = await imported(copy.id, csv);
    expect(report.units).toMatchObject({ added: 2, removed: 0 });
    const again = await exportedCsv(report.version.id);
    expect(again.csv).toBe(csv);
  });
});
