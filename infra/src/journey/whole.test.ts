/**
 * One account's way through Iroko, over HTTP alone: a tree comes in from a file, is released, corrected and compared;
 * a phone sends a visit; a table finds its places; and the log tells it all. A look-alike account sees none of it.
 */
import { type StackUnderTest, stackUnderTest } from '../testing/stack-under-test';

const SCHOOLS = `province;district;name;lon;lat;pupils
Kivu;Nord;École A;29,5;-1,25;120
Kivu;Nord;École B;29,75;-1,5;
Kivu;Sud;École A;0;0;80
;;Nowhere;29;91;1
`;
const MAPPING = {
  name: 'name',
  parents: ['province', 'district'],
  parentTypes: ['Province', 'District'],
  fixedType: 'School',
  longitude: 'lon',
  latitude: 'lat',
  attributes: [{ column: 'pupils', key: 'pupils' }],
};
const FORM = `<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">
  <h:head><h:title>Visit</h:title><model>
    <instance><data id="visit" version="1"><orgUnit/><pupils/><meta><instanceID/></meta></data></instance>
    <bind nodeset="/data/orgUnit" type="string"/><bind nodeset="/data/pupils" type="int"/>
    <bind nodeset="/data/meta/instanceID" type="string"/>
  </model></h:head>
  <h:body><input ref="/data/orgUnit"/><input ref="/data/pupils"/></h:body>
</h:html>`;

describe('a tree of places', () => {
  let iroko: StackUnderTest;
  let source: string;
  let schoolA: string;

  beforeAll(async () => {
    iroko = await stackUnderTest();
    const made = await iroko.administrator.data(
      'mutation { createDataSource(input: { name: "School map" }) { id } }',
    );
    source = made.createDataSource.id;
  });
  afterAll(() => iroko.close());

  const ask = (query: string, variables = {}) => iroko.administrator.data(query, { source, ...variables });

  async function imported(content: string, extra: Record<string, unknown> = {}) {
    const file = await iroko.administrator.upload('schools.csv', content, 'text/csv');
    const { importOrgUnits } = await ask(
      'mutation ($input: ImportOrgUnitsInput!) { importOrgUnits(input: $input) { id } }',
      { input: { fileId: file.id, dataSourceId: source, mapping: MAPPING, ...extra } },
    );
    return iroko.administrator.result(importOrgUnits.id);
  }

  it('is first tried without writing anything', async () => {
    const report = await imported(SCHOOLS, { dryRun: true });
    expect(report.units.added).toBe(6);
    const { orgUnits } = await ask('query ($source: ID!) { orgUnits(dataSource: $source) { totalCount } }');
    expect(orgUnits.totalCount).toBe(0);
  });

  it('comes in from a file; a row that cannot be taken waits with its reason', async () => {
    const report = await imported(SCHOOLS);
    expect(report.units).toMatchObject({ added: 6, removed: 0 });
    expect(report.quarantine).toMatchObject({
      count: 1,
      rows: [{ line: 5, column: 'lat', value: '91', reason: 'COORDINATES_OUT_OF_RANGE' }],
    });
    const { orgUnits } = await ask(
      'query ($source: ID!) { orgUnits(dataSource: $source, filter: { text: "ecole a" }) { nodes { id name ancestors { name type { name } } location { longitude latitude } attributes { key value } } } }',
    );
    const [inNord, inSud] = orgUnits.nodes.sort(
      (a: { ancestors: { name: string }[] }, b: { ancestors: { name: string }[] }) =>
        (a.ancestors[1]?.name ?? '') < (b.ancestors[1]?.name ?? '') ? -1 : 1,
    );
    schoolA = inNord.id;
    expect(inNord).toMatchObject({
      name: 'École A',
      ancestors: [
        { name: 'Kivu', type: { name: 'Province' } },
        { name: 'Nord', type: { name: 'District' } },
      ],
      location: { longitude: 29.5, latitude: -1.25 },
      attributes: [{ key: 'pupils', value: '120' }],
    });
    // Zero is a coordinate like any other.
    expect(inSud.location).toEqual({ longitude: 0, latitude: 0 });
  });

  it('is released, and the same file again changes nothing', async () => {
    const { releaseVersion } = await ask(
      'mutation ($source: ID!) { releaseVersion(dataSource: $source, name: "2025") { number status } }',
    );
    expect(releaseVersion).toEqual({ number: 1, status: 'RELEASED' });
    const report = await imported(SCHOOLS);
    expect(report.units).toMatchObject({ added: 0, changed: 0, moved: 0, removed: 0, same: 6 });
  });

  it('is corrected in a draft, and the difference says exactly what changed', async () => {
    const { orgUnit } = await ask('query ($id: ID!) { orgUnit(id: $id) { revision } }', { id: schoolA });
    const EDIT =
      'mutation ($id: ID!, $revision: Int!) { updateOrgUnit(id: $id, expectedRevision: $revision, input: { name: "École Amani" }) { name revision } }';
    await ask(EDIT, { id: schoolA, revision: orgUnit.revision });
    // Somebody else who read the unit before is told, and nothing is lost.
    expect(await iroko.administrator.code(EDIT, { id: schoolA, revision: orgUnit.revision })).toBe(
      'CONFLICT',
    );
    const { dataSource } = await ask(
      'query ($source: ID!) { dataSource(id: $source) { currentVersion { id number } draft { id number } } }',
    );
    const { versionDiff } = await ask(
      `query ($from: ID!, $to: ID!) { versionDiff(from: $from, to: $to) {
        counts { added removed changed }
        units { nodes { kind fields { field before after } before { name } after { name } } } } }`,
      { from: dataSource.currentVersion.id, to: dataSource.draft.id },
    );
    expect(versionDiff).toEqual({
      counts: { added: 0, removed: 0, changed: 1 },
      units: {
        nodes: [
          {
            kind: 'CHANGED',
            fields: [{ field: 'NAME', before: 'École A', after: 'École Amani' }],
            before: { name: 'École A' },
            after: { name: 'École Amani' },
          },
        ],
      },
    });
  });

  it('is where a phone sends a visit, once however often it sends', async () => {
    const file = await iroko.administrator.upload('visit.xml', FORM, 'text/xml');
    await ask('mutation ($input: CreateFormInput!) { createForm(input: $input) { id } }', {
      input: { fileId: file.id },
    });
    const { createAppUser } = await ask('mutation { createAppUser(name: "Phone 1") { serverPath } }');
    const visit = `<data id="visit" version="1"><orgUnit>${schoolA}</orgUnit><pupils>118</pupils><meta><instanceID>uuid:1</instanceID></meta></data>`;
    for (let attempt = 0; attempt < 2; attempt++) {
      const body = new FormData();
      body.append('xml_submission_file', new Blob([visit], { type: 'text/xml' }), 'visit.xml');
      const sent = await iroko.anonymous.fetch(`${createAppUser.serverPath.replace(/^\//, '')}/submission`, {
        method: 'POST',
        headers: { 'x-openrosa-version': '1.0' },
        body,
      });
      expect(sent.status).toBe(201);
    }
    const { orgUnit } = await ask('query ($id: ID!) { orgUnit(id: $id) { name submissionCount } }', {
      id: schoolA,
    });
    expect(orgUnit).toEqual({ name: 'École A', submissionCount: 1 });
  });

  it('is where the rows of a table stand, and a value that names no place waits', async () => {
    const file = await iroko.administrator.upload(
      'meals.csv',
      'school,meals\nÉcole B,40\nÉcole Z,1\n',
      'text/csv',
    );
    const { createDataset } = await ask(
      'mutation ($input: CreateDatasetInput!) { createDataset(input: $input) { datasetId job { id } } }',
      {
        input: {
          name: 'Meals',
          fileId: file.id,
          unit: { heading: 'school', by: 'NAME', dataSourceId: source },
        },
      },
    );
    expect(await iroko.administrator.result(createDataset.job.id)).toMatchObject({ rows: 1, quarantined: 1 });
    const { orgUnits } = await ask(
      'query ($source: ID!) { orgUnits(dataSource: $source, filter: { text: "ecole b" }) { nodes { datasets { name } } } }',
    );
    expect(orgUnits.nodes).toEqual([{ datasets: [{ name: 'Meals' }] }]);
  });

  it('tells in the log who did what, in order, to those who may read it', async () => {
    const read = () => ask('{ changes(first: 200) { nodes { action subjectType } } }');
    let actions: string[] = [];
    // Events are read once they are sealed, a moment after the change.
    for (let tries = 0; tries < 100 && !actions.includes('CREATE Dataset'); tries++) {
      const { changes } = await read();
      actions = changes.nodes.map(
        (event: { action: string; subjectType: string }) => `${event.action} ${event.subjectType}`,
      );
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const order = [
      'CREATE DataSource',
      'IMPORT SourceVersion',
      'RELEASE SourceVersion',
      'UPDATE OrgUnit',
      'CREATE Form',
      'CREATE Dataset',
    ];
    expect(
      actions.filter((action, index) => order.includes(action) && actions.indexOf(action) === index),
    ).toEqual(order);
  });

  it('does not exist for a look-alike account', async () => {
    const { dataSources, forms, datasets, submissions } = await iroko.twinAdministrator.data(
      '{ dataSources { totalCount } forms { nodes { id } } datasets { nodes { id } } submissions { nodes { id } } }',
    );
    expect([dataSources.totalCount, forms.nodes, datasets.nodes, submissions.nodes]).toEqual([0, [], [], []]);
    const { orgUnit } = await iroko.twinAdministrator.data('query ($id: ID!) { orgUnit(id: $id) { name } }', {
      id: schoolA,
    });
    expect(orgUnit).toBeNull();
  });
});
