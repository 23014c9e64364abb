/**
 * What changes a row writes its change event in the same breath. Every mutation of every subgraph is done once, in an
 * account seeded for it, with the jobs it asks for; whatever it changed, the log must have grown. The mutations come
 * from the schemas, so a new one is covered by being there: when its examples get it to do nothing, it needs a deed in
 * `api-walk/deeds/`, or a place in `api-walk/recorded-elsewhere.ts`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unconnectedSubgraphs } from '../schema/committed';
import { DEEDS, groundOf } from '../testing/api-walk/deeds';
import { accountFingerprint } from '../testing/api-walk/fingerprint';
import { jobOutcomes } from '../testing/api-walk/job-outcomes';
import { type Operation, operationsOf } from '../testing/api-walk/operations';
import { RECORDED_ELSEWHERE } from '../testing/api-walk/recorded-elsewhere';
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

const mutations = unconnectedSubgraphs().flatMap(({ name, schema }) =>
  operationsOf(schema)
    .filter(({ kind }) => kind === 'mutation')
    .map((operation) => [name, operation.coordinate, operation] as [string, string, Operation]),
);

let stage: Stage;
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
  // Whoever signed out meanwhile can try nothing, and what is to be prepared may be used up.
  let tried = await triedOn(spare, subgraph, operation).catch(() => undefined);
  if (!tried?.done && (used || !tried)) {
    // Perhaps a mutation before has used up what this one needs; seeding takes longer than asking.
    spare = await seedRecords(stage);
    used = false;
    tried = await triedOn(spare, subgraph, operation);
  }
  used = true;
  const { changed, recorded, done, errors } = tried as Tried;
  // What changes a row writes an event.
  expect({ changed, recorded }).toEqual({ changed, recorded: recorded || changed.length > 0 });
  // One that the walk does not do is listed, and one that is listed cannot be done.
  expect({ done, errors }).toEqual({ done: !(coordinate in RECORDED_ELSEWHERE), errors });
});

interface Tried {
  /** The tables with other rows than before. */
  changed: readonly string[];
  /** Whether the log tells of it. */
  recorded: boolean;
  /** Whether it was not refused and had an effect, so that something was tested. */
  done: boolean;
  errors: readonly string[];
}

async function triedOn(own: SeededRecords, subgraph: string, operation: Operation): Promise<Tried> {
  const { accountId, administrator } = own.account;
  const given = await DEEDS[operation.coordinate]?.(groundOf(stage, own));
  const before = await accountFingerprint(stage.services.platform, accountId);
  const request = walkRequest(operation, undefined, '', own, given);
  const answer = await stage.ask(subgraph, request, administrator.accessToken);
  const outcomes = await jobOutcomes(stage, answer, own);
  const after = await accountFingerprint(stage.services.platform, accountId);
  const changed = Object.keys(after).filter(
    (table) => after[table] !== before[table] && !(table in NO_RECORDS),
  );
  const recorded = after[LOG] !== before[LOG];
  // What could not be read of the answer afterwards, such as the source of a version of a deleted source, is no refusal.
  const refusals = answer.errors.filter(({ path = [] }) => path.length <= 1);
  const errors = [...refusals, ...outcomes.map(({ error }) => error)].filter(Boolean);
  // A refusal may be recorded too, and says nothing of what the mutation is for.
  const done = errors.length === 0 && (recorded || changed.length > 0);
  return { changed, recorded, done, errors: errors.map((error) => JSON.stringify(error)) };
}

describe('what the walk does not do is shown elsewhere', () => {
  const coordinates = mutations.map(([, coordinate]) => coordinate);

  it.each(Object.entries(RECORDED_ELSEWHERE))('%s', (coordinate, { file, test }) => {
    expect(coordinates).toContain(coordinate);
    const text = readFileSync(join(__dirname, '../../..', file), 'utf8');
    expect(text).toContain(`it('${test}'`);
    expect(text).toContain(coordinate.replace('Mutation.', ''));
    expect(text).toMatch(/platform\.change_event|\blog\(/);
  });

  it('no deed is left of a mutation that is gone', () => {
    expect(Object.keys(DEEDS).filter((coordinate) => !coordinates.includes(coordinate))).toEqual([]);
  });
});
