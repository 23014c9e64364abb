/**
 * To a viewer whose scope ends at some org units, what lies outside is what never was: every operation of every
 * subgraph that takes the id of a unit, or of a record at one, answers as for an id that never was, and nothing that
 * can be asked shows one. The operations come from the schemas, so new ones are covered by being there.
 */
import { newId } from '@iroko/database';
import { type SeededMember, seedMember } from '@iroko/testing';
import { ALL_PERMISSIONS } from '@iroko/viewer';
import { unconnectedSubgraphs } from '../schema/committed';
import { comparable } from '../testing/api-walk/comparing';
import type { IdPlace } from '../testing/api-walk/id-places';
import { typeOfId } from '../testing/api-walk/id-types';
import {
  entityTypes,
  type Operation,
  operationsOf,
  type Request,
  referenceTo,
} from '../testing/api-walk/operations';
import { type SeededRecords, seedRecords } from '../testing/api-walk/seeds';
import { seedKit } from '../testing/api-walk/seeds/kit';
import { openStage, type Stage } from '../testing/api-walk/stage';
import { walkRequest } from '../testing/api-walk/walker';

jest.setTimeout(120_000);

/** Records of these types stand at a unit; all that are seeded stand at the clinic. */
const AT_UNITS = ['OrgUnit', 'Submission', 'QuarantinedSubmission', 'ChangeRequest', 'Link', 'Lineage'];

const subgraphs = unconnectedSubgraphs();
const operations: [string, string, Operation][] = subgraphs.flatMap(({ name, schema }) =>
  operationsOf(schema).map(
    (operation) => [name, operation.coordinate, operation] as [string, string, Operation],
  ),
);

let stage: Stage;
let records: SeededRecords;
/** The same records, and a unit that the viewer reaches instead of the clinic. */
let reached: SeededRecords;
let southerner: SeededMember;

beforeAll(async () => {
  stage = await openStage();
  records = await seedRecords(stage);
  const { createOrgUnit } = await seedKit(stage, records.account).run<{ createOrgUnit: { unitId: string } }>(
    'georegistry',
    'mutation ($source: ID!) { createOrgUnit(input: { dataSourceId: $source, name: "South" }) { unitId } }',
    { source: records.ids.get('DataSource') },
  );
  reached = { ...records, ids: new Map(records.ids).set('OrgUnit', createOrgUnit.unitId) };
  southerner = await seedMember(stage.services.platform, records.account.accountId, {
    permissions: ALL_PERMISSIONS,
    scope: { unitIds: [createOrgUnit.unitId] },
  });
});
afterAll(() => stage?.close());

const ask = (subgraph: string, request: Request) => stage.ask(subgraph, request, southerner.accessToken);

async function expectAlike(subgraph: string, requestFor: (id: string) => Request, id: string) {
  const never = newId();
  const real = comparable(await ask(subgraph, requestFor(id)), id, new Set());
  expect(real).toBe(comparable(await ask(subgraph, requestFor(never)), never, new Set()));
}

/** Whose id a place takes; undefined where the walk over accounts does not know it either, which fails there. */
function typeAt(place: IdPlace, operation: Operation, known: ReadonlySet<string>): string | undefined {
  try {
    return typeOfId(place, operation.field, known);
  } catch {
    return undefined;
  }
}

const places = operations.flatMap(([subgraph, , operation]) =>
  operation.idPlaces.map(
    (place) =>
      [subgraph, `${operation.coordinate}(${place.path.join('.')})`, operation, place] as [
        string,
        string,
        Operation,
        IdPlace,
      ],
  ),
);

it('there is something to test', () => {
  const known = new Set(records.ids.keys());
  const tested = places.filter(([, , operation, place]) =>
    AT_UNITS.includes(typeAt(place, operation, known) ?? ''),
  );
  expect(tested.map(([, coordinate]) => coordinate)).toEqual(
    expect.arrayContaining([
      'Query.orgUnit(id)',
      'Query.orgUnits(filter.subtree)',
      'Mutation.updateOrgUnit(id)',
      'Query.submissions(filter.orgUnitId)',
      'Query.changes(filter.unitId)',
    ]),
  );
});

describe('an id of what is out of scope is an id that never was', () => {
  it.each(places)('%s: %s', async (subgraph, _, operation, place) => {
    const type = typeAt(place, operation, new Set(records.ids.keys()));
    const id = records.ids.get(type ?? '');
    if (type === undefined || id === undefined || !AT_UNITS.includes(type)) return;
    await expectAlike(subgraph, (asked) => walkRequest(operation, place, asked, reached), id);
  });

  const entities = subgraphs.flatMap(({ name, schema }) =>
    entityTypes(schema)
      .filter((type) => AT_UNITS.includes(type.name))
      .map((type) => [name, type.name, type] as [string, string, typeof type]),
  );

  it.each(entities)('%s: a reference to %s', async (subgraph, name, type) => {
    await expectAlike(subgraph, (id) => referenceTo(type, id), records.ids.get(name) ?? '');
  });
});

describe('nothing that can be asked shows what is out of scope', () => {
  const queries = operations.filter(([, , { kind }]) => kind === 'query');

  it.each(queries)('%s: %s', async (subgraph, _, operation) => {
    const request = walkRequest(operation, undefined, '', reached);
    const text = JSON.stringify((await ask(subgraph, request)).data);
    const asked = JSON.stringify(request.variables);
    for (const type of AT_UNITS) {
      const id = records.ids.get(type);
      // What the request itself names comes back.
      if (id && !asked.includes(id)) expect(text).not.toContain(id);
    }
    // Names of units of the north, which stand in no other record.
    expect(text).not.toMatch(/East ward|"District"/);
  });
});
