import { newId } from '@iroko/database';
import { seedMember } from '@iroko/testing';
import { type Data, type TestRegistry, testRegistry } from '../testing/registry';
import { STATE, Story } from '../testing/story';

let registry: TestRegistry;
let story: Story;
beforeAll(async () => {
  registry = await testRegistry();
  story = new Story(registry);
});
afterAll(() => registry.close());

const TYPE = 'id name revision subTypes { id name } creatorRoleIds deletedAt category';

async function type(name: string, fields: Record<string, unknown> = {}): Promise<Data> {
  const { createOrgUnitType } = await registry.data(
    `mutation ($input: CreateOrgUnitTypeInput!) { createOrgUnitType(input: $input) { ${TYPE} } }`,
    { input: { name: `${name} ${newId()}`, ...fields } },
  );
  return createOrgUnitType;
}

const tryUpdate = (of: Data, input: Record<string, unknown>) =>
  registry.ask(
    `mutation ($id: ID!, $revision: Int!, $input: UpdateOrgUnitTypeInput!) {
      updateOrgUnitType(id: $id, expectedRevision: $revision, input: $input) { ${TYPE} } }`,
    { id: of.id, revision: of.revision, input },
  );

async function update(of: Data, input: Record<string, unknown>): Promise<Data> {
  const { data, errors } = await tryUpdate(of, input);
  expect(errors).toEqual([]);
  return data.updateOrgUnitType;
}

const tryUnit = (dataSourceId: string, input: Record<string, unknown>, member?: { accessToken: string }) =>
  registry.ask(
    `mutation ($input: CreateOrgUnitInput!) { createOrgUnit(input: $input) { ${STATE} } }`,
    { input: { dataSourceId, ...input } },
    member,
  );

describe('the graph of allowed sub types', () => {
  it('refuses a chain of types that leads back to its beginning, and keeps what was', async () => {
    const a = await type('A');
    const b = await type('B', { subTypeIds: [a.id] });
    const c = await type('C', { subTypeIds: [b.id] });
    const answer = await tryUpdate(a, { subTypeIds: [c.id] });
    expect(answer.code).toBe('BAD_USER_INPUT');
    expect(answer.errors[0]?.message).toMatch(/circle/);
    const { orgUnitType } = await registry.data(
      'query ($id: ID!) { orgUnitType(id: $id) { subTypes { id } revision } }',
      { id: a.id },
    );
    expect(orgUnitType).toEqual({ subTypes: null, revision: 1 });
  });

  it('allows a type below itself when it says so, and only then', async () => {
    const ward = await type('Ward', { subTypeIds: [] });
    const source = await story.source();
    const first = await story.unit(source.id, { name: 'first', typeId: ward.id });
    expect((await tryUnit(source.id, { name: 'x', typeId: ward.id, parentId: first.unitId })).code).toBe(
      'BAD_USER_INPUT',
    );
    const open = await update(ward, { subTypeIds: [ward.id] });
    expect(open.subTypes).toEqual([{ id: ward.id, name: ward.name }]);
    expect((await tryUnit(source.id, { name: 'y', typeId: ward.id, parentId: first.unitId })).code).toBe(
      undefined,
    );
  });

  it('of two edits at once that would close a circle one is refused', async () => {
    for (let round = 0; round < 5; round++) {
      const [a, b] = [await type('A'), await type('B')];
      const answers = await Promise.all([
        tryUpdate(a, { subTypeIds: [b.id] }),
        tryUpdate(b, { subTypeIds: [a.id] }),
      ]);
      expect(answers.map(({ code }) => code ?? 'ok').sort()).toEqual(['BAD_USER_INPUT', 'ok']);
    }
  });

  it('takes no type, role or form that the account has not', async () => {
    const a = await type('A');
    for (const field of ['subTypeIds', 'creatorRoleIds', 'referenceFormIds']) {
      const answer = await tryUpdate(a, { [field]: [newId()] });
      expect([answer.code, answer.errors[0]?.extensions]).toEqual([
        'BAD_USER_INPUT',
        { code: 'BAD_USER_INPUT', details: { path: [field] } },
      ]);
    }
  });
});

describe('defect 4: the hierarchy of types is enforced', () => {
  it('on create, on move and on change of type; a rename of what stands there already is taken', async () => {
    const clinic = await type('Clinic', { subTypeIds: [] });
    const district = await type('District', { subTypeIds: [clinic.id] });
    const country = await type('Country', { subTypeIds: [district.id] });
    const source = await story.source();
    const land = await story.unit(source.id, { name: 'Land', typeId: country.id });
    const refused = await tryUnit(source.id, { name: 'x', typeId: clinic.id, parentId: land.unitId });
    expect(refused.code).toBe('BAD_USER_INPUT');
    expect(refused.errors[0]?.message).toContain(`Allowed are: ${district.name}`);
    expect((await tryUnit(source.id, { name: 'untyped', parentId: land.unitId })).code).toBe(
      'BAD_USER_INPUT',
    );
    const north = await story.unit(source.id, { name: 'North', typeId: district.id, parentId: land.unitId });
    const post = await story.unit(source.id, { name: 'Post', typeId: clinic.id, parentId: north.unitId });
    expect((await story.tryEdit(post, { parentId: land.unitId })).code).toBe('BAD_USER_INPUT');
    expect((await story.tryEdit(post, { typeId: district.id })).code).toBe('BAD_USER_INPUT');
    const below = await story.tryEdit(north, { typeId: clinic.id, parentId: null });
    expect(below.errors[0]?.message).toMatch(/Below the unit stand units of the type/);
    await update(district, { subTypeIds: [] });
    expect(await story.edit(post, { name: 'Post 2' })).toMatchObject({ name: 'Post 2' });
    expect(await story.names(source.draft.id)).toEqual(['Land', 'North', 'Post 2']);
  });
});

describe('who may create', () => {
  it('units of a type with roles are created by members of one of them, and by administrators', async () => {
    const { account } = registry;
    const permissions = ['org_units.edit', 'org_units.read'] as const;
    const keeper = await seedMember(registry.database, account.accountId, { permissions: [...permissions] });
    const other = await seedMember(registry.database, account.accountId, { permissions: [...permissions] });
    const roleId = newId();
    await registry.database.pool.query(
      `WITH role AS (INSERT INTO identity.role (account_id, id, name, name_key) VALUES ($1, $2, 'Keepers', 'keepers'))
       INSERT INTO identity.membership_role (account_id, user_id, role_id) VALUES ($1, $3, $2)`,
      [account.accountId, roleId, keeper.userId],
    );
    const hospital = await type('Hospital', { creatorRoleIds: [roleId] });
    const source = await story.source();
    const input = { name: 'H', typeId: hospital.id };
    expect((await tryUnit(source.id, input, other)).code).toBe('FORBIDDEN');
    expect((await tryUnit(source.id, input, keeper)).code).toBe(undefined);
    expect((await tryUnit(source.id, { name: 'by the administrator', typeId: hospital.id })).code).toBe(
      undefined,
    );
    const plain = await story.unit(source.id, { name: 'plain' });
    const disguised = await registry.ask(
      `mutation ($id: ID!, $input: UpdateOrgUnitInput!) {
        updateOrgUnit(id: $id, expectedRevision: 1, input: $input) { id } }`,
      { id: plain.unitId, input: { typeId: hospital.id } },
      other,
    );
    expect(disguised.code).toBe('FORBIDDEN');
  });
});

describe('a deleted type', () => {
  const remove = (of: Data) =>
    registry.ask(
      `mutation ($id: ID!, $revision: Int!) { deleteOrgUnitType(id: $id, expectedRevision: $revision) { ${TYPE} } }`,
      { id: of.id, revision: of.revision },
    );
  const restore = (of: Data) =>
    registry.ask(`mutation ($id: ID!) { restoreOrgUnitType(id: $id) { ${TYPE} } }`, { id: of.id });

  it('leaves lists, gives its name free, is taken by no unit, and comes back', async () => {
    const clinic = await type('Clinic');
    expect((await remove(clinic)).data.deleteOrgUnitType.deletedAt).not.toBeNull();
    const { kept, deleted } = await registry.data(
      `{ kept: orgUnitTypes(first: 1000) { nodes { id } } deleted: orgUnitTypes(deleted: true, first: 1000) { nodes { id } } }`,
    );
    expect(kept.nodes).not.toContainEqual({ id: clinic.id });
    expect(deleted.nodes).toContainEqual({ id: clinic.id });
    const source = await story.source();
    expect((await tryUnit(source.id, { name: 'x', typeId: clinic.id })).code).toBe('BAD_USER_INPUT');
    const successor = await registry.data(
      'mutation ($input: CreateOrgUnitTypeInput!) { createOrgUnitType(input: $input) { id revision } }',
      { input: { name: clinic.name } },
    );
    expect((await restore(clinic)).code).toBe('CONFLICT');
    await remove(successor.createOrgUnitType);
    const back = await restore(clinic);
    expect(back.data.restoreOrgUnitType).toMatchObject({ id: clinic.id, deletedAt: null });
    expect((await restore(clinic)).code).toBe('NOT_FOUND');
  });

  it('is none while a draft or the current version holds units of it, and can go when only old versions do', async () => {
    const clinic = await type('Clinic');
    const source = await story.source();
    const unit = await story.unit(source.id, { name: 'U', typeId: clinic.id });
    expect((await remove(clinic)).code).toBe('CONFLICT');
    const old = await story.release(source.id);
    const changed = await story.edit(unit, { typeId: null });
    expect((await remove(clinic)).code).toBe('CONFLICT');
    await story.release(source.id);
    expect((await remove(clinic)).code).toBe(undefined);
    expect((await story.states(old.id))[0].type).toMatchObject({ name: clinic.name });
    expect((await story.tryEdit(changed, { typeId: clinic.id })).code).toBe('BAD_USER_INPUT');
  });

  it('cannot be restored after 30 days', async () => {
    const clinic = await type('Clinic');
    await remove(clinic);
    await registry.database.pool.query(
      `UPDATE georegistry.org_unit_type SET deleted_at = now() - interval '31 days' WHERE id = $1`,
      [clinic.id],
    );
    expect((await restore(clinic)).code).toBe('CONFLICT');
  });

  it('goes with one of two requests: the other takes it, or finds it gone', async () => {
    for (let round = 0; round < 5; round++) {
      const clinic = await type('Clinic');
      const source = await story.source();
      const [gone, made] = await Promise.all([
        remove(clinic),
        tryUnit(source.id, { name: 'x', typeId: clinic.id }),
      ]);
      expect([gone.code, made.code].filter((code) => code === undefined)).toHaveLength(1);
    }
  });
});
