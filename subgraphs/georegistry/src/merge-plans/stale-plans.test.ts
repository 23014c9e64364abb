import { newId } from '@iroko/database';
import { cancelJob } from '@iroko/jobs';
import { seedMember } from '@iroko/testing';
import { ALL_PERMISSIONS } from '@iroko/viewer';
import { ended, resultOf, work } from '../testing/jobs';
import { countryAndCopy, Merging } from '../testing/merging';
import { type Data, type TestRegistry, testRegistry } from '../testing/registry';
import { Story } from '../testing/story';
import { holdDraft } from '../versions/drafts';
import { planForWriting } from './merge-plan.sql';

jest.setTimeout(120_000);
let registry: TestRegistry;
let story: Story;
let merging: Merging;
beforeAll(async () => {
  registry = await testRegistry();
  story = new Story(registry);
  merging = new Merging(registry);
});
afterAll(() => registry.close());

describe('a plan that is no longer true', () => {
  const failed = async (plan: Data) => (await ended(registry, await merging.apply(plan.id))).error;

  it('says so when the draft that is merged was released meanwhile', async () => {
    const { source, clinic, copy, own } = await countryAndCopy(merging);
    await story.edit(clinic, { name: 'Clinic II' });
    const { dataSource } = await registry.data('query ($id: ID!) { dataSource(id: $id) { draft { id } } }', {
      id: source.id,
    });
    const plan = await merging.planOf(dataSource.draft, copy);
    await story.release(source.id);
    expect(await failed(plan)).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('released'),
    });
    expect((await own('clinic')).name).toBe('Clinic');
  });

  it('says so when the draft of the target was released meanwhile, and leaves no draft behind', async () => {
    const { source, clinic, copy } = await countryAndCopy(merging);
    await story.edit(clinic, { name: 'Clinic II' });
    const plan = await merging.planOf(await story.release(source.id), copy);
    await story.release(copy.id);
    expect(await failed(plan)).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('released'),
    });
    const { dataSource } = await registry.data('query ($id: ID!) { dataSource(id: $id) { draft { id } } }', {
      id: copy.id,
    });
    expect(dataSource.draft).toBeNull();
  });

  it('says so when a unit changed since on either side', async () => {
    const { source, clinic, copy, own } = await countryAndCopy(merging);
    await story.edit(clinic, { name: 'Clinic II' });
    const plan = await merging.planOf(await story.release(source.id), copy);
    await story.edit(await own('clinic'), { aliases: ['Late'] });
    expect(await failed(plan)).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('changed since'),
    });
  });

  it('is gone with the draft that it merges, or that it is for', async () => {
    const { source, clinic, copy, own } = await countryAndCopy(merging);
    await story.edit(clinic, { name: 'Clinic II' });
    const discard = (id: string) =>
      registry.data('mutation ($id: ID!) { discardDraft(dataSource: $id) { changedUnits } }', { id });
    const draftOf = async (id: string) =>
      (await registry.data('query ($id: ID!) { dataSource(id: $id) { draft { id } } }', { id })).dataSource
        .draft;
    const plan = await merging.planOf(await draftOf(source.id), copy);
    const job = await merging.apply(plan.id);
    await discard(source.id);
    expect((await ended(registry, job)).error).toMatchObject({ code: 'NOT_FOUND' });
    const apply = 'mutation ($id: ID!) { applyMergePlan(id: $id) { id } }';
    expect((await registry.ask(apply, { id: plan.id })).code).toBe('NOT_FOUND');
    expect((await own('clinic')).name).toBe('Clinic');
  });

  it('changes nothing in a source that became read-only, or was deleted', async () => {
    const { source, clinic, copy, version } = await countryAndCopy(merging);
    await story.edit(clinic, { name: 'Clinic II' });
    const plan = await merging.planOf(await story.release(source.id), copy);
    const job = await merging.apply(plan.id);
    const readOnly = (value: boolean) =>
      registry.db.execute(registry.db.sql`
        UPDATE georegistry.data_source d SET read_only = ${value}
        WHERE d.account_id = ${registry.db.account} AND d.id = ${copy.id}`);
    await readOnly(true);
    expect((await ended(registry, job)).error).toMatchObject({ code: 'CONFLICT' });
    const again = await registry.ask(
      'mutation ($input: PlanMergeInput!) { planMerge(input: $input) { id } }',
      {
        input: { versionId: plan.from.id, dataSourceId: copy.id },
      },
    );
    expect(again.code).toBe('CONFLICT');
    await readOnly(false);
    await registry.db.execute(registry.db.sql`
      UPDATE georegistry.data_source d SET deleted_at = now()
      WHERE d.account_id = ${registry.db.account} AND d.id = ${source.id}`);
    expect((await ended(registry, await merging.apply(plan.id))).error).toMatchObject({ code: 'NOT_FOUND' });
    expect(await story.names(version.id, { text: 'clinic ii' })).toEqual([]);
  });

  it('is applied once', async () => {
    const { source, clinic, copy } = await countryAndCopy(merging);
    await story.edit(clinic, { name: 'Clinic II' });
    const plan = await merging.planOf(await story.release(source.id), copy);
    const [one, other] = [await merging.apply(plan.id), await merging.apply(plan.id)];
    await resultOf(registry, one);
    expect((await ended(registry, other)).error).toMatchObject({ code: 'CONFLICT' });
    expect((await merging.decide(plan.id, [], 'SOURCE')).code).toBe('CONFLICT');
  });
});

describe('an apply that is stopped', () => {
  const nameOf = async (own: (reference: string) => Promise<Data>) => (await own('clinic')).name;
  const heldBy = async (id: string): Promise<string | undefined> =>
    (await registry.data('query ($id: ID!) { dataSource(id: $id) { draft { heldBy { id } } } }', { id }))
      .dataSource.draft?.heldBy?.id;

  it('by a cancellation leaves nothing half-applied, and the plan as it was', async () => {
    const { source, clinic, copy, own } = await countryAndCopy(merging);
    await story.edit(clinic, { name: 'Clinic II' });
    const plan = await merging.planOf(await story.release(source.id), copy);
    const job = await merging.apply(plan.id);
    let working: Promise<unknown> = Promise.resolve();
    // Whoever decides on the plan makes the job wait in the middle of its transaction.
    await registry.db.transaction(async (tx) => {
      await planForWriting(tx, plan.id);
      working = work(registry);
      while ((await heldBy(copy.id)) !== job) await new Promise((resolve) => setTimeout(resolve, 50));
      await cancelJob(registry.db, job);
      await working;
    });
    expect(await ended(registry, job)).toMatchObject({ status: 'CANCELLED' });
    expect(await nameOf(own)).toBe('Clinic');
    expect(await heldBy(copy.id)).toBeUndefined();
    await resultOf(registry, await merging.apply(plan.id));
    expect(await nameOf(own)).toBe('Clinic II');
  });

  it('by the death of its worker is done once by the next one', async () => {
    const { source, clinic, copy, own } = await countryAndCopy(merging);
    await story.edit(clinic, { name: 'Clinic II' });
    const plan = await merging.planOf(await story.release(source.id), copy);
    const job = await merging.apply(plan.id);
    // What a dead worker leaves: the draft held, and a transaction that never was.
    await registry.db.transaction((tx) => holdDraft(tx, copy.id, job));
    expect((await story.tryEdit(await own('post'), { name: 'Post II' })).code).toBe('CONFLICT');
    expect((await resultOf(registry, job)).units).toEqual({ added: 0, changed: 1, removed: 0 });
    expect(await heldBy(copy.id)).toBeUndefined();
  });

  it('by the death of its worker and then cancelled holds the draft no longer', async () => {
    const { source, clinic, copy, own } = await countryAndCopy(merging);
    await story.edit(clinic, { name: 'Clinic II' });
    const plan = await merging.planOf(await story.release(source.id), copy);
    const job = await merging.apply(plan.id);
    await registry.db.transaction((tx) => holdDraft(tx, copy.id, job));
    await cancelJob(registry.db, job);
    expect((await story.tryEdit(await own('post'), { name: 'Post II' })).errors).toEqual([]);
    expect(await heldBy(copy.id)).toBeUndefined();
  });
});

it('a viewer whose scope ends at some units, or at some types, neither plans nor reads a plan', async () => {
  const { source, clinic, first, north, copy } = await countryAndCopy(merging);
  await story.edit(clinic, { name: 'Clinic II' });
  const plan = await merging.planOf(await story.release(source.id), copy);
  const input = { versionId: first.id, dataSourceId: copy.id };
  for (const scope of [{ unitIds: [north.unitId] }, { writableTypeIds: [newId()] }]) {
    const limited = await seedMember(registry.database, registry.account.accountId, {
      permissions: ALL_PERMISSIONS,
      scope,
    });
    for (const [query, variables] of [
      ['mutation ($input: PlanMergeInput!) { planMerge(input: $input) { id } }', { input }],
      ['query ($id: ID!) { mergePlan(id: $id) { id } }', { id: plan.id }],
      ['mutation ($id: ID!) { applyMergePlan(id: $id) { id } }', { id: plan.id }],
      ['mutation ($id: ID!) { proposeMergePlan(id: $id) { id } }', { id: plan.id }],
    ] as const) {
      expect((await registry.ask(query, variables, limited)).code).toBe('FORBIDDEN');
    }
  }
});

it('what cannot be planned or decided is refused', async () => {
  const { source, clinic, first, copy } = await countryAndCopy(merging);
  const refused = async (input: object) =>
    (await registry.ask('mutation ($input: PlanMergeInput!) { planMerge(input: $input) { id } }', { input }))
      .code;
  expect(await refused({ versionId: first.id, dataSourceId: source.id })).toBe('BAD_USER_INPUT');
  expect(await refused({ versionId: first.id })).toBe('BAD_USER_INPUT');
  expect(await refused({ versionId: 'no id', dataSourceId: copy.id })).toBe('NOT_FOUND');
  expect(await refused({ comparisonId: 'no id' })).toBe('NOT_FOUND');
  await story.edit(clinic, { code: 'C2' });
  const plan = await merging.planOf(await story.release(source.id), copy);
  const [{ position }] = plan.rows.nodes;
  const decided = async (row: object) => (await merging.decide(plan.id, [{ position, ...row }])).code;
  expect(await decided({ take: ['NAME'] })).toBe('BAD_USER_INPUT');
  expect(await decided({ parentId: clinic.unitId })).toBe('BAD_USER_INPUT');
  expect(await decided({ position: 99 })).toBe('BAD_USER_INPUT');
  expect((await merging.decide('no id', [])).code).toBe('NOT_FOUND');
});
