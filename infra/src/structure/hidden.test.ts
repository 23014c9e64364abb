/**
 * Solidata 3: what somebody is not shown cannot be found out by asking around it. Two states of an account that differ
 * only in what a viewer does not see answer every query of theirs alike: lists, counts, references, every text of every
 * filter and search, every order. The queries come from the schemas, so new ones are covered by being there.
 */
import { newId } from '@iroko/database';
import { seedMember } from '@iroko/testing';
import { ALL_PERMISSIONS } from '@iroko/viewer';
import type { GraphQLObjectType } from 'graphql';
import { unconnectedSubgraphs } from '../schema/committed';
import { comparable } from '../testing/api-walk/comparing';
import {
  entityTypes,
  type Operation,
  operationsOf,
  type Request,
  referenceTo,
} from '../testing/api-walk/operations';
import { probes } from '../testing/api-walk/probes';
import { type SeededRecords, seedRecords } from '../testing/api-walk/seeds';
import { seedKit } from '../testing/api-walk/seeds/kit';
import { type Asker, openStage, type Stage } from '../testing/api-walk/stage';
import { walkRequest } from '../testing/api-walk/walker';

jest.setTimeout(300_000);

/** Stands nowhere else. */
const WORD = 'zanzibarite';
const REFUSED = ['FORBIDDEN', 'UNAUTHENTICATED'];
/** Links to files are signed anew in each answer. */
const SIGNED = /expires=\d+&signature=[\w-]+/g;

const queries: [string, Operation][] = unconnectedSubgraphs().flatMap(({ name, schema }) =>
  operationsOf(schema)
    .filter(({ kind }) => kind === 'query')
    .map((operation) => [name, operation] as [string, Operation]),
);

const entities = unconnectedSubgraphs().flatMap(({ name, schema }) =>
  entityTypes(schema).map((type) => [name, type] as [string, GraphQLObjectType]),
);

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

interface Onlooker {
  records: SeededRecords;
  asker: Asker;
  /** What changes for others, and must not for them. */
  change(): Promise<void>;
}

const run = (records: SeededRecords, subgraph: string, query: string, variables: Record<string, unknown>) =>
  seedKit(stage, records.account).run<Record<string, { id: string; unitId: string }>>(
    subgraph,
    query,
    variables,
  );

/** A unit in a source, by name. */
async function newUnit(records: SeededRecords, source: string | undefined, name: string): Promise<string> {
  const { createOrgUnit } = await run(
    records,
    'georegistry',
    'mutation ($source: ID!, $name: String!) { createOrgUnit(input: { dataSourceId: $source, name: $name }) { unitId } }',
    { source, name },
  );
  return createOrgUnit?.unitId ?? '';
}

async function rename(records: SeededRecords, unitId: string | undefined): Promise<void> {
  const { orgUnitState } = await run(
    records,
    'georegistry',
    'query ($id: ID!, $version: ID!) { orgUnitState(unit: $id, version: $version) { id: revision } }',
    { id: unitId, version: records.ids.get('DraftVersion') },
  );
  await run(
    records,
    'georegistry',
    `mutation ($id: ID!, $revision: Int!) {
      updateOrgUnit(id: $id, expectedRevision: $revision, input: { name: "${WORD}", code: "${WORD}" }) { id } }`,
    { id: unitId, revision: orgUnitState?.id },
  );
}

/** Whoever may not see people, and what is personal of one. */
async function withoutUsers(): Promise<Onlooker> {
  const records = await seedRecords(stage);
  const { platform } = stage.services;
  const permissions = ALL_PERMISSIONS.filter((name) => !/^(users|roles|accounts)\./.test(name));
  const member = await seedMember(platform, records.account.accountId, { permissions });
  return {
    records,
    asker: member.accessToken,
    async change() {
      await platform.pool.query(
        `UPDATE identity."user" SET email = $2 || email, email_key = $2 || email_key, phone = '+243810000001'
         WHERE id = ANY($1)`,
        [[records.ids.get('User'), records.ids.get('OtherUser')], WORD],
      );
    },
  };
}

/** Whoever reaches the south, and what stands in the north. */
async function ofTheSouth(): Promise<Onlooker> {
  const records = await seedRecords(stage);
  const south = await newUnit(records, records.ids.get('DataSource'), 'South');
  const member = await seedMember(stage.services.platform, records.account.accountId, {
    permissions: ALL_PERMISSIONS,
    scope: { unitIds: [south] },
  });
  return {
    records: { ...records, ids: new Map(records.ids).set('OrgUnit', south) },
    asker: member.accessToken,
    change: () => rename(records, records.ids.get('OrgUnit')),
  };
}

/** Nobody in particular in the account, and what is not public. */
async function anybody(): Promise<Onlooker> {
  const records = await seedRecords(stage);
  const { createDataSource } = await run(
    records,
    'georegistry',
    'mutation { createDataSource(input: { name: "Open register" }) { id } }',
    {},
  );
  const source = createDataSource?.id ?? '';
  const unit = await newUnit(records, source, 'Open');
  await run(records, 'georegistry', 'mutation ($id: ID!) { releaseVersion(dataSource: $id) { id } }', {
    id: source,
  });
  await run(
    records,
    'georegistry',
    'mutation ($id: ID!) { updateDataSource(id: $id, expectedRevision: 1, input: { public: true }) { id } }',
    { id: source },
  );
  return {
    records: { ...records, ids: new Map(records.ids).set('DataSource', source).set('OrgUnit', unit) },
    asker: { accountSlug: records.account.slug },
    change: () => rename(records, records.ids.get('OrgUnit')),
  };
}

async function answersTo({ records, asker }: Onlooker): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  for (const [subgraph, type] of entities) {
    const id = records.ids.get(type.name) ?? newId();
    const answer = await stage.ask(subgraph, referenceTo(type, id), asker);
    answers.set(`${subgraph}: a reference to ${type.name}`, withoutNews(answer));
  }
  for (const [subgraph, operation] of queries) {
    for (const request of probes(operation, WORD, records)) {
      const answer = await stage.ask(subgraph, request, asker);
      answers.set(`${operation.coordinate} ${whatIsAsked(request)}`, withoutNews(answer));
      // Who may not ask at all may not ask otherwise either; the matrix of permissions shows it.
      if (REFUSED.includes(String(answer.errors[0]?.code)) && operation.way.length === 0) break;
    }
  }
  return answers;
}

const withoutNews = (answer: unknown) => comparable(answer, newId(), new Set()).replace(SIGNED, '<signed>');
const whatIsAsked = ({ variables }: Request) => JSON.stringify(variables);

it('nobody in particular, who names the account: no subscription is followed', async () => {
  const records = await seedRecords(stage);
  const seen: string[] = [];
  for (const { name, schema } of unconnectedSubgraphs()) {
    for (const operation of operationsOf(schema).filter(({ kind }) => kind === 'subscription')) {
      const request = walkRequest(operation, undefined, '', records);
      const { data, errors } = await stage.ask(name, request, { accountSlug: records.account.slug });
      expect({ data, code: errors[0]?.code }).toEqual({ data: null, code: 'UNAUTHENTICATED' });
      seen.push(operation.coordinate);
    }
  }
  expect(seen).toEqual(expect.arrayContaining(['Subscription.changes', 'Subscription.jobProgress']));
});

it.each([
  ['a member who may not see people, of an address and a phone', withoutUsers],
  ['a member of the south, of a unit in the north', ofTheSouth],
  ['nobody in particular, of a source that is not public', anybody],
])('%s: every query is answered as before it changed', async (_, seeded) => {
  const onlooker = await seeded();
  const before = await answersTo(onlooker);
  await onlooker.change();
  const after = await answersTo(onlooker);
  const differing = [...after].filter(([asked, answer]) => before.get(asked) !== answer);
  expect(Object.fromEntries(differing)).toEqual(
    Object.fromEntries(differing.map(([asked]) => [asked, before.get(asked)])),
  );
  expect(before.size).toBeGreaterThan(queries.length);
});
