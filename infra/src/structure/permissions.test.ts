/**
 * Every operation names the permission it needs, or stands in a short list with the reason why it needs none. The
 * operations come from the schemas, so a new one is covered by being there.
 */
import { newId } from '@iroko/database';
import { type SeededMember, seedMember } from '@iroko/testing';
import { isPermission } from '@iroko/viewer';
import { unconnectedSubgraphs } from '../schema/committed';
import { OPEN_TO_EVERYBODY, OPEN_TO_MEMBERS } from '../testing/api-walk/examples';
import { type Operation, operationsOf, requestOf } from '../testing/api-walk/operations';
import { type SeededRecords, seedRecords } from '../testing/api-walk/seeds';
import { type AnswerSeen, type ErrorSeen, openStage, type Stage } from '../testing/api-walk/stage';

const operations: [string, string, Operation][] = unconnectedSubgraphs().flatMap(({ name, schema }) =>
  operationsOf(schema)
    .filter(({ way }) => way.length === 0)
    .map((operation) => [name, operation.coordinate, operation] as [string, string, Operation]),
);
const isOpen = (coordinate: string) => coordinate in OPEN_TO_EVERYBODY || coordinate in OPEN_TO_MEMBERS;
const guarded = operations.filter(([, coordinate]) => !isOpen(coordinate));

// Each operation has a member seeded for it alone.
jest.setTimeout(120_000);

let stage: Stage;
let records: SeededRecords;
let powerless: SeededMember;

beforeAll(async () => {
  stage = await openStage();
  records = await seedRecords(stage);
  powerless = await seedMember(stage.services.platform, records.account.accountId);
});
afterAll(() => stage?.close());

const ask = (subgraph: string, operation: Operation, token: string | undefined): Promise<AnswerSeen> =>
  stage.ask(subgraph, requestOf(operation, { idAt: () => newId() }), token);

const missingPermission = ([error]: ErrorSeen[]): string =>
  String((error?.details as { permission?: string } | undefined)?.permission);

it('what is open is there, and open to everybody or to members, not both', () => {
  const coordinates = operations.map(([, coordinate]) => coordinate);
  const open = [...Object.keys(OPEN_TO_EVERYBODY), ...Object.keys(OPEN_TO_MEMBERS)];
  expect(open.filter((coordinate) => !coordinates.includes(coordinate))).toEqual([]);
  expect(new Set(open).size).toBe(open.length);
});

describe('nobody in particular is refused', () => {
  it.each(operations.filter(([, coordinate]) => !(coordinate in OPEN_TO_EVERYBODY)))(
    '%s: %s',
    async (subgraph, _, operation) => {
      const { errors } = await ask(subgraph, operation, undefined);
      expect(errors.map(({ code }) => code)).toEqual(['UNAUTHENTICATED']);
    },
  );
});

describe('a member without any permission is refused, and told which one is missing', () => {
  it.each(guarded)('%s: %s', async (subgraph, _, operation) => {
    const { data, errors } = await ask(subgraph, operation, powerless.accessToken);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ code: 'FORBIDDEN', path: [operation.field.name] });
    expect(isPermission(missingPermission(errors))).toBe(true);
    expect(Object.values(data ?? {}).every((value) => value === null)).toBe(true);
  });
});

describe('a member with that permission is not refused for want of it', () => {
  it.each(guarded)('%s: %s', async (subgraph, _, operation) => {
    const { errors } = await ask(subgraph, operation, powerless.accessToken);
    const permission = missingPermission(errors);
    if (!isPermission(permission)) throw new Error(`${permission} is no permission.`);
    const { accountId } = records.account;
    const holder = await seedMember(stage.services.platform, accountId, { permissions: [permission] });
    const answer = await ask(subgraph, operation, holder.accessToken);
    expect(missingPermission(answer.errors)).not.toBe(permission);
  });
});
