import { enqueue, runJobsUntilIdle, setUpSource } from '@iroko/jobs';
import { Viewers } from '@iroko/viewer';
import { type TestRegistry, testRegistry } from '../testing/registry';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await testRegistry();
});
afterAll(() => registry.close());

it('an account begins with a data source and its draft, once, on behalf of nobody in it', async () => {
  const { database, account, subgraph } = registry;
  const operator = database.forAccount({ accountId: account.accountId, requestId: 'set-up' });
  const ask = () =>
    operator.transaction((tx) =>
      enqueue(tx, setUpSource, { name: 'Facilities' }, { idempotencyKey: 'set-up' }),
    );
  expect(await ask()).toBe(await ask());
  const viewers = new Viewers(database);
  await runJobsUntilIdle({ database, viewers, jobs: subgraph.jobs ?? [] });
  await viewers.close();
  const { data } = await registry.ask('{ dataSources(first: 10) { nodes { name draft { number } } } }');
  expect(data.dataSources.nodes).toEqual([{ name: 'Facilities', draft: { number: 1 } }]);
});
