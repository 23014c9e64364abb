import { newId } from '@iroko/database';
import { seedMember } from '@iroko/testing';
import { freshSource, importedNames } from '../../testing/imported';
import { type ImportGround, importGround } from '../../testing/imports';

const MAPPING = { name: 'name', reference: 'ref', parentReference: 'parent', type: 'type', groups: 'groups' };
const HEADER = 'ref,parent,name,type,groups\n';

let ground: ImportGround;
let dataSourceId: string;
beforeAll(async () => {
  ground = await importGround();
  const make = async (input: object) =>
    (
      await ground.data(
        'mutation ($input: CreateOrgUnitTypeInput!) { createOrgUnitType(input: $input) { id } }',
        { input },
      )
    ).createOrgUnitType.id as string;
  const clinic = await make({ name: 'Clinic', subTypeIds: [] });
  const district = await make({ name: 'District', subTypeIds: [clinic] });
  await make({ name: 'Country', subTypeIds: [district] });
});
beforeEach(async () => {
  dataSourceId = await freshSource(ground);
});
afterAll(() => ground.close());

const choose = async (importViolations: string) => {
  const { registrySettings } = await ground.data('{ registrySettings { revision } }');
  await ground.data(
    `mutation ($revision: Int!, $input: UpdateRegistrySettingsInput!) {
      updateRegistrySettings(expectedRevision: $revision, input: $input) { importViolations } }`,
    { revision: registrySettings.revision, input: { importViolations } },
  );
};

const FILE = `${HEADER}c,,Land,Country,
d,c,North,District,
k,c,Stray,Clinic,
w,k,Below the stray,,
p,d,Post,Clinic,
n,c,New kind,Observatory,
`;

it('defect 4: a type below another that does not list it goes to quarantine with what is below it, row by row', async () => {
  await choose('REFUSE');
  const report = await ground.report(FILE, MAPPING, { dataSourceId });
  expect(report.quarantine.rows.map(({ line, reason, value }) => [line, reason, value])).toEqual([
    [4, 'TYPE_NOT_ALLOWED', 'Clinic'],
    [5, expect.stringMatching(/TYPE_NOT_ALLOWED|PARENT_IN_QUARANTINE/), null],
    [7, 'TYPE_NOT_ALLOWED', 'Observatory'],
  ]);
  expect(report.quarantine.rows[0]?.message).toMatch(/A "Clinic" may not stand below a "Country"/);
  expect(report.violations).toEqual({ count: 0, rows: [] });
  expect(await importedNames(ground, dataSourceId)).toEqual(['Land', 'Land / North', 'Land / North / Post']);
  const again = await ground.report(FILE, MAPPING, { dataSourceId });
  expect(again.units).toMatchObject({ added: 0, changed: 0, removed: 0, same: 3 });
});

it('where the account flags them, such rows land and the report names each', async () => {
  await choose('FLAG');
  const report = await ground.report(FILE, MAPPING, { dataSourceId });
  expect(report.quarantine.count).toBe(0);
  expect(report.violations).toEqual({
    count: 3,
    rows: [
      { line: 4, layer: null, message: 'A "Clinic" may not stand below a "Country".' },
      { line: 5, layer: null, message: 'A unit without a type may not stand below a "Clinic".' },
      { line: 7, layer: null, message: 'A "Observatory" may not stand below a "Country".' },
    ],
  });
  expect(await importedNames(ground, dataSourceId)).toHaveLength(6);
  await choose('REFUSE');
});

it('ancestors that rows only name: the rows below them go, and nothing empty is left', async () => {
  const report = await ground.report(
    'country,kind,name\nLand,Dispensary,X\nLand,Dispensary,Y\n,,Alone\n',
    { name: 'name', parents: ['country', 'kind'], parentTypes: ['Country', 'Clinic'] },
    { dataSourceId },
  );
  expect(report.quarantine.reasons).toEqual({ TYPE_NOT_ALLOWED: 2 });
  expect(await importedNames(ground, dataSourceId)).toEqual(['Alone']);
});

it('defect 4: a row in two groups of a set with single membership goes to quarantine', async () => {
  const ids: string[] = [];
  for (const name of ['Public', 'Church', 'Rural']) {
    const { createGroup } = await ground.data(
      'mutation ($input: CreateGroupInput!) { createGroup(input: $input) { id } }',
      { input: { dataSourceId, name } },
    );
    ids.push(createGroup.id);
  }
  await ground.data('mutation ($input: CreateGroupSetInput!) { createGroupSet(input: $input) { id } }', {
    input: { dataSourceId, name: 'Ownership', membership: 'SINGLE', groupIds: ids.slice(0, 2) },
  });
  const report = await ground.report(`${HEADER}a,,A,,Public|Church\nb,,B,,Public|Rural\n`, MAPPING, {
    dataSourceId,
  });
  expect(report.quarantine.rows).toMatchObject(
    [
      { line: 2, column: 'groups', reason: 'GROUPS_EXCLUSIVE', message: /one group of "Ownership" at most/ },
    ].map(({ message, ...row }) => ({ ...row, message: expect.stringMatching(message) })),
  );
  expect(await importedNames(ground, dataSourceId)).toEqual(['B']);
});

it('a deleted group that the file names is there again', async () => {
  const mapping = MAPPING;
  await ground.report(`${HEADER}a,,A,,Rural\n`, mapping, { dataSourceId });
  await ground.report(`${HEADER}a,,A,,\n`, mapping, { dataSourceId });
  const groups = async () =>
    (
      await ground.data('query ($s: ID!) { groups(dataSource: $s) { nodes { id name } } }', {
        s: dataSourceId,
      })
    ).groups.nodes;
  const [rural] = await groups();
  await ground.data('mutation ($id: ID!) { deleteGroup(id: $id, expectedRevision: 1) { id } }', {
    id: rural.id,
  });
  expect(await groups()).toEqual([]);
  await ground.report(`${HEADER}a,,A,,Rural\n`, mapping, { dataSourceId });
  expect(await groups()).toEqual([rural]);
});

it('a type that the importer may not create sends its new units to quarantine, and its known ones stay', async () => {
  const { accountId } = ground.account;
  const member = await seedMember(ground.database, accountId, { permissions: ['org_units.import'] });
  const roleId = newId();
  await ground.database.pool.query(
    `INSERT INTO identity.role (account_id, id, name, name_key) VALUES ($1, $2, 'Keepers', 'keepers')`,
    [accountId, roleId],
  );
  await ground.data(
    'mutation ($input: CreateOrgUnitTypeInput!) { createOrgUnitType(input: $input) { id } }',
    {
      input: { name: 'Reserved', creatorRoleIds: [roleId] },
    },
  );
  await ground.report(`${HEADER}a,,A,Reserved,\n`, MAPPING, { dataSourceId });
  const report = await ground.report(`${HEADER}a,,A,Reserved,\nb,,B,Reserved,\nc,,C,,\n`, MAPPING, {
    dataSourceId,
    by: member.actor,
  });
  expect(report.quarantine.rows.map(({ line, reason }) => [line, reason])).toEqual([[3, 'TYPE_NOT_YOURS']]);
  expect(await importedNames(ground, dataSourceId)).toEqual(['A', 'C']);
});
