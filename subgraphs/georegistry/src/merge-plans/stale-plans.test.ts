import { ended, resultOf } from '../testing/jobs';
import { countryAndCopy, Merging } from '../testing/merging';
import { type Data, type TestRegistry, testRegistry } from '../testing/registry';
import { Story } from '../testing/story';

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
