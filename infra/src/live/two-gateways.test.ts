import { newId } from '@iroko/database';
import { overEventStream, type Subscriber } from '../testing/live/subscribers';
import { type StackUnderTest, stackUnderTest } from '../testing/stack-under-test';
import { smallTree } from '../testing/tree';

const CHANGES = `subscription ($after: String, $filter: ChangeFilterInput) {
  changes(after: $after, filter: $filter) { cursor subjectId subject { ... on OrgUnit { name } } }
}`;

let iroko: StackUnderTest;
let urls: [string, string];
const open: Subscriber[] = [];

beforeAll(async () => {
  iroko = await stackUnderTest();
  urls = [iroko.stack.url, (await iroko.another()).url];
});
afterAll(async () => {
  for (const subscriber of open) await subscriber.stop();
  await iroko?.close();
});

const follow = (url: string, variables: object) => {
  const subscriber = overEventStream(
    url,
    { query: CHANGES, variables: { ...variables } },
    iroko.account.administrator.apiToken,
  );
  open.push(subscriber);
  return subscriber;
};

it('what one process changes, a subscriber of the other sees, and a cursor of one is good at the other', async () => {
  const filter = { subjectType: 'OrgUnit', actions: ['CREATE'] };
  const [first, second] = urls;
  const live = follow(second, { filter });
  await smallTree(iroko.administrator, `Health map of ${newId()}`);
  const [one, two] = await live.until(2);
  expect(one?.data.changes.subject.name).toBeDefined();
  const elsewhere = follow(first, { filter, after: one?.data.changes.cursor });
  const [again] = await elsewhere.until(1);
  expect(again?.data.changes.subjectId).toBe(two?.data.changes.subjectId);
});
