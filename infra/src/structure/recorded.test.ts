/**
 * What changes a row writes its change event in the same breath. Every mutation of every subgraph is done once, in an
 * account seeded for it alone, with the jobs it asks for; whatever it changed, the log must have grown. The mutations
 * come from the schemas, so a new one is covered by being there.
 */
import { unconnectedSubgraphs } from '../schema/committed';
import { accountFingerprint } from '../testing/api-walk/fingerprint';
import { jobOutcomes } from '../testing/api-walk/job-outcomes';
import { type Operation, operationsOf } from '../testing/api-walk/operations';
import { type SeededRecords, seedRecords } from '../testing/api-walk/seeds';
import { openStage, type Stage } from '../testing/api-walk/stage';
import { walkRequest } from '../testing/api-walk/walker';

// Each mutation has an account seeded for it alone.
jest.setTimeout(120_000);

const LOG = 'platform.change_event';

/** Tables whose rows are no records of anybody, each with the reason. */
const NO_RECORDS: Readonly<Record<string, string>> = {
  [LOG]: 'is the log itself',
  'platform.change_chain': 'is the end of the log',
  'platform.personal_value': 'holds values of the log',
  'platform.job': 'is work to be done; what it does is recorded when it does it',
  'platform.job_log': 'is what work said',
};

/** Mutations whose rows are not recorded, each with the reason. */
const NOT_RECORDED: Readonly<Record<string, string>> = {};

const mutations = unconnectedSubgraphs().flatMap(({ name, schema }) =>
  operationsOf(schema)
    .filter(({ kind }) => kind === 'mutation')
    .map((operation) => [name, operation.coordinate, operation] as [string, string, Operation]),
);

let stage: Stage;
const effective: string[] = [];
/** Of an account whose records mutations may use up. */
let spare: SeededRecords;
/** Whether one of them had an effect since it was seeded. */
let used = false;
beforeAll(async () => {
  stage = await openStage();
  spare = await seedRecords(stage);
});
afterAll(() => stage?.close());

it.each(mutations)('%s: %s', async (subgraph, coordinate, operation) => {
  // Whoever signed out meanwhile can try nothing.
  const first = triedOn(spare, subgraph, operation).catch(() => ({ changed: [], recorded: false }));
  let { changed, recorded } = await first;
  if (changed.length === 0 && !recorded && used) {
    // Perhaps a mutation before has used up what this one needs; seeding takes longer than asking.
    spare = await seedRecords(stage);
    used = false;
    ({ changed, recorded } = await triedOn(spare, subgraph, operation));
  }
  used ||= changed.length > 0 || recorded;
  if (changed.length > 0) effective.push(coordinate);
  if (coordinate in NOT_RECORDED) return;
  expect({ changed, recorded }).toEqual({ changed, recorded: recorded || changed.length > 0 });
});

/** Which tables it changed, and whether the log tells of it. */
async function triedOn(own: SeededRecords, subgraph: string, operation: Operation) {
  const { accountId, administrator } = own.account;
  const before = await accountFingerprint(stage.services.platform, accountId);
  const request = walkRequest(operation, undefined, '', own);
  const answer = await stage.ask(subgraph, request, administrator.accessToken);
  await jobOutcomes(stage, answer, own);
  const after = await accountFingerprint(stage.services.platform, accountId);
  const changed = Object.keys(after).filter(
    (table) => after[table] !== before[table] && !(table in NO_RECORDS),
  );
  return { changed, recorded: after[LOG] !== before[LOG] };
}

it('most mutations could be done, so that something was tested', () => {
  expect(effective.length).toBeGreaterThan(mutations.length / 2);
});
