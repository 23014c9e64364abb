/**
 * Whatever is asked about a record of another account is answered as for an id that never was: every operation of
 * every subgraph, every ID in its arguments, every entity by reference, every route; as the other account's
 * administrator, with an API token, and as nobody. The operations come from the schemas, so new ones are covered by
 * being there. One that cannot be fed fails and says what to write into `api-walk/`.
 */
import { newId } from '@iroko/database';
import type { Route } from '@iroko/http';
import type { GraphQLObjectType } from 'graphql';
import { unconnectedSubgraphs } from '../schema/committed';
import { comparable } from '../testing/api-walk/comparing';
import { ANSWERED_ALIKE } from '../testing/api-walk/examples';
import { accountFingerprint } from '../testing/api-walk/fingerprint';
import type { IdPlace } from '../testing/api-walk/id-places';
import { typeOfId, Unfed } from '../testing/api-walk/id-types';
import { jobOutcomes } from '../testing/api-walk/job-outcomes';
import {
  entityTypes,
  type Operation,
  operationsOf,
  type Request,
  referenceTo,
} from '../testing/api-walk/operations';
import { askRoute, type IdParameter, idParameters, ownProofs } from '../testing/api-walk/routes';
import { type SeededRecords, seedRecords } from '../testing/api-walk/seeds';
import { type Asker, openStage, type Stage } from '../testing/api-walk/stage';
import { walkRequest } from '../testing/api-walk/walker';

// A mutation may need records seeded anew.
jest.setTimeout(120_000);

const subgraphs = unconnectedSubgraphs();

let stage: Stage;
let victim: SeededRecords;
let stranger: SeededRecords;
let foreign: ReadonlySet<string>;
/** Of an account whose records mutations may use up. */
let spare: SeededRecords;

beforeAll(async () => {
  stage = await openStage();
  victim = await seedRecords(stage);
  stranger = await seedRecords(stage);
  spare = await seedRecords(stage);
  foreign = new Set(victim.ids.values());
});
afterAll(() => stage?.close());

const strangers = (): [string, Asker][] => [
  ["another account's administrator", stranger.account.administrator.accessToken],
  ['their API token', stranger.account.administrator.apiToken],
  ['nobody', undefined],
  ['nobody, who names the account', { accountSlug: victim.account.slug }],
];

const known = () => new Set(victim.ids.keys());

function idOf(records: SeededRecords, type: string): string {
  const id = records.ids.get(type);
  if (id) return id;
  throw new Unfed(
    `No ${type} is seeded: add one to seedRecords in infra/src/testing/api-walk/seeds/, so that its references are tested.`,
  );
}

/** The whole answer: what came back, and what became of the jobs in it. */
async function answerTo(subgraph: string, request: Request, token: Asker, own: SeededRecords) {
  const answer = await stage.ask(subgraph, request, token);
  return { ...answer, jobs: await jobOutcomes(stage, answer, own) };
}

/** Asks for the victim's record and for one that never was, and demands one answer. */
async function expectAlike(
  subgraph: string,
  requestFor: (id: string) => Request,
  theirs: string,
): Promise<void> {
  for (const [who, token] of strangers()) {
    const never = newId();
    const real = await answerTo(subgraph, requestFor(theirs), token, stranger);
    const nothing = await answerTo(subgraph, requestFor(never), token, stranger);
    const seen = { who, answer: comparable(real, theirs, foreign) };
    expect(seen).toEqual({ who, answer: comparable(nothing, never, foreign) });
    expect(seen.answer).not.toContain('<FOREIGN');
  }
}

/** Whatever is done, nothing that the account owns is another afterwards. */
async function expectUnchanged(work: () => Promise<void>): Promise<void> {
  const { accountId } = victim.account;
  const before = await accountFingerprint(stage.services.platform, accountId);
  await work();
  expect(await accountFingerprint(stage.services.platform, accountId)).toEqual(before);
}

/** As its own administrator the record is answered otherwise than one that never was: else nothing was tested. */
async function expectKnownToItsOwn(
  subgraph: string,
  requestFor: (id: string, own: SeededRecords) => Request,
  type: string,
  coordinate: string,
  own = victim,
): Promise<void> {
  const token = own.account.administrator.accessToken;
  const [theirs, never] = [idOf(own, type), newId()];
  const nothing = comparable(await answerTo(subgraph, requestFor(never, own), token, own), never, new Set());
  const real = comparable(await answerTo(subgraph, requestFor(theirs, own), token, own), theirs, new Set());
  if (real === nothing) {
    throw new Unfed(
      `${coordinate} answers its own ${type} as it answers an id that never was, so nothing is tested: ${real.slice(0, 600)}\nGive the values it needs before it looks at the id in EXAMPLES of infra/src/testing/api-walk/examples.ts, or, when both are rightly alike, the reason in ANSWERED_ALIKE.`,
    );
  }
}

/** Seeding takes longer than asking, so records are seeded anew only when a mutation before has used them up. */
async function withUnused(ask: (own: SeededRecords) => Promise<void>): Promise<void> {
  try {
    await ask(spare);
  } catch {
    spare = await seedRecords(stage);
    await ask(spare);
  }
}

const places: [string, string, Operation, IdPlace][] = subgraphs.flatMap(({ name, schema }) =>
  operationsOf(schema).flatMap((operation) =>
    operation.idPlaces.map(
      (place) =>
        [name, `${operation.coordinate}(${place.path.join('.')})`, operation, place] as [
          string,
          string,
          Operation,
          IdPlace,
        ],
    ),
  ),
);

const entities: [string, string, GraphQLObjectType][] = subgraphs.flatMap(({ name, schema }) =>
  entityTypes(schema).map((type) => [name, type.name, type] as [string, string, GraphQLObjectType]),
);

it('there is something to test', () => {
  const coordinates = places.map(([, coordinate]) => coordinate);
  expect(coordinates).toContain('Mutation.revokeApiToken(id)');
  expect(coordinates).toContain('Subscription.jobProgress(id)');
  expect(coordinates).toContain('Subscription.changes(filter.subjectId)');
  expect(entities.map(([subgraph, type]) => `${subgraph} ${type}`)).toContain('identity User');
});

describe('an id of another account is an id that never was', () => {
  it.each(places)('%s: %s', async (subgraph, coordinate, operation, place) => {
    const type = typeOfId(place, operation.field, known());
    const attack = () =>
      expectAlike(subgraph, (id) => walkRequest(operation, place, id, stranger), idOf(victim, type));
    if (operation.kind === 'mutation') await expectUnchanged(attack);
    else await attack();
    if (coordinate in ANSWERED_ALIKE || place.coordinate in ANSWERED_ALIKE) return;
    const ask = (own: SeededRecords) =>
      expectKnownToItsOwn(
        subgraph,
        (id, records) => walkRequest(operation, place, id, records),
        type,
        coordinate,
        own,
      );
    if (operation.kind === 'mutation') await withUnused(ask);
    else await ask(victim);
  });

  it.each(entities)('%s: a reference to %s', async (subgraph, name, type) => {
    const requestFor = (id: string) => referenceTo(type, id);
    await expectAlike(subgraph, requestFor, idOf(victim, name));
    if (name in ANSWERED_ALIKE) return;
    await expectKnownToItsOwn(subgraph, requestFor, name, `A reference to ${name}`);
  });
});

const routes: [string, Route, IdParameter][] = subgraphs.flatMap((subgraph) =>
  subgraph.routes.flatMap((route) =>
    idParameters(route).map(
      (parameter) =>
        [`${route.method} ${parameter.coordinate}`, route, parameter] as [string, Route, IdParameter],
    ),
  ),
);

describe('a route answers an id of another account as an id that never was', () => {
  it('there is something to test', () => expect(routes).not.toEqual([]));

  it.each(routes)('%s', async (_, route, { name, type, coordinate }) => {
    const reply = async (records: SeededRecords, id: string, token: Asker) =>
      comparable(
        await askRoute(stage.url, route, { ...ownProofs(records.ids), [name]: id }, token),
        id,
        foreign,
      );
    const theirs = idOf(victim, type);
    const nothing = newId();
    for (const [who, token] of strangers()) {
      expect({ who, reply: await reply(stranger, theirs, token) }).toEqual({
        who,
        reply: await reply(stranger, nothing, token),
      });
    }
    if (coordinate in ANSWERED_ALIKE) return;
    const { accessToken } = victim.account.administrator;
    expect(await reply(victim, theirs, accessToken)).not.toBe(await reply(victim, nothing, accessToken));
  });
});
