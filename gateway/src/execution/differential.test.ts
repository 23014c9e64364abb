import { silentLogger } from '@iroko/telemetry';
import fc from 'fast-check';
import { parse, validate } from 'graphql';
import { federationOf } from '../../testing/federation';
import { operations } from '../../testing/operations';
import { placesFederation } from '../../testing/places-federation';
import { Differential, type DifferentialOperation } from './differential';

const context = () => ({ requestId: 'differential-test', authorization: undefined });

const HAND_MADE: Record<string, DifferentialOperation> = {
  'a list from one subgraph': { query: '{ places { id name kind tags size } }' },
  'a list with fields of three subgraphs': {
    query: '{ places(first: 9) { name reportCount residents { fullName } parent { label reportCount } } }',
  },
  'keys that the client did not ask for': { query: '{ places { reportCount } }' },
  'aliases that every object has already': {
    query: '{ __proto__: places { constructor: name toString: id __proto__: reportCount } constructor }',
  },
  'a field called like one of every object': { query: '{ places { toString } constructor }' },
  'nulls in lists and lists of lists': { query: '{ holes { name reportCount } grid { id reportCount } }' },
  'a null where there may be none, which rises': { query: '{ places { id missing } }' },
  'a null that rises to the root': { query: '{ brokenHard }' },
  'a null that rises to a nullable list item': { query: '{ holes { id missing } }' },
  'an entity that is not there': { query: '{ place(id: "p5") { name strictCount } }' },
  'an entity with a nullable field that is not there': { query: '{ place(id: "p5") { name reportCount } }' },
  'errors below a list': { query: '{ places(first: 5) { id broken } }' },
  'errors of entities': { query: '{ places(first: 5) { id reportCount } }' },
  'errors of entities that rise': { query: '{ holes { id strictCount } }' },
  'errors of entities within other types': {
    query: '{ things { ... on Place { reportCount } ... on Person { email } } }',
  },
  'a union': {
    query:
      '{ things { __typename ... on Place { name } ... on Node { id } ... on Group { members { __typename } } } }',
  },
  'a union asked for nothing but its type': { query: '{ things { __typename } }' },
  'an interface with fields of one member elsewhere': {
    query: '{ nodes { id ... on Person { fullName } ... on Place { label } } }',
  },
  'an interface in an interface': { query: '{ spot { name parent { name ... on Place { label } } } }' },
  'an entity interface': { query: '{ media { id title views rating ... on Book { pages } __typename } }' },
  'an entity interface without its type': { query: '{ media { views } }' },
  'fields that another subgraph requires': { query: '{ place(id: "p3") { label } }' },
  'a field in two places, merged': {
    query:
      '{ places { parent { id } ...P ... on Place { parent { reportCount } } } } fragment P on Place { parent { name } }',
  },
  'a condition on one field': {
    query: 'query ($on: Boolean!) { places { id name @include(if: $on) reportCount @skip(if: $on) } }',
    variables: { on: true },
  },
  'a condition on everything': {
    query: 'query ($on: Boolean! = false) { places @include(if: $on) { id reportCount } }',
  },
  'a condition on a fetch': {
    query: 'query ($on: Boolean!) { places { id ... @include(if: $on) { reportCount } } }',
    variables: { on: false },
  },
  'a mutation': { query: 'mutation { rename(id: "p1", name: "New") { name reportCount } }' },
  'two mutations, the second failing': {
    query: 'mutation { a: rename(id: "p1", name: "A") { name } broken { name } }',
  },
  'variables of every kind': {
    query:
      'query ($text: String, $number: Float, $on: Boolean, $kind: Kind) { echo(text: $text, number: $number, on: $on, kind: $kind) }',
    variables: { text: 'é', number: 1.5, kind: 'ZONE' },
  },
  'a variable that is missing': {
    query: 'query ($id: ID!) { place(id: $id) { id } }',
    variables: {},
    plannedWith: { id: 'p1' },
  },
  'a variable of a wrong type': {
    query: 'query ($id: ID!) { place(id: $id) { id } }',
    variables: { id: {} },
  },
  'the second of two operations': {
    query: 'query One { places { id } } query Two { me { fullName home { name } } }',
    operationName: 'Two',
  },
  'a chain through three subgraphs': {
    query: '{ me { home { reports { author { friends { fullName } } } } } }',
  },
  'the schema itself': {
    query: '{ __schema { types { name kind fields { name } } } __type(name: "Place") { name } __typename }',
  },
  'the type of the root': { query: '{ __typename kind: __typename }' },
  'a list of persons that fail': {
    query: '{ people { fullName email } reports { author { fullName } place { name } } }',
  },
};

describe('the fast executor answers as the stock one', () => {
  const federation = federationOf(placesFederation);
  const differential = new Differential({ ...federation, log: silentLogger });
  beforeAll(() => differential.start());
  afterAll(() => differential.stop());

  for (const [name, operation] of Object.entries(HAND_MADE)) {
    it(name, async () => {
      const comparison = await differential.compare(operation, context);
      expect(comparison.difference).toBeUndefined();
      expect(comparison.compared).toBe(true);
    });
  }

  it('leaves an operation that mixes the schema with places to the stock one', async () => {
    const mixed = { query: '{ __type(name: "Place") { name } place(id: "p1") { id } }' };
    const { compared, answer } = await differential.compare(mixed, context);
    expect(compared).toBe(false);
    expect(answer).toEqual({ data: { __type: { name: 'Place' }, place: { id: 'p1' } } });
  });

  it('operations that were generated', async () => {
    const counts = { compared: 0, left: 0, invalid: 0 };
    await fc.assert(
      fc.asyncProperty(operations(differential.schema), async (operation) => {
        if (validate(differential.schema, parse(operation.query)).length > 0) {
          counts.invalid += 1;
          return;
        }
        const comparison = await differential.compare(operation, context);
        counts[comparison.compared ? 'compared' : 'left'] += 1;
        expect(comparison.difference).toBeUndefined();
      }),
      { numRuns: Number(process.env.DIFFERENTIAL_RUNS ?? 150), seed: 20_261_122 },
    );
    if (process.env.DIFFERENTIAL_RUNS) console.log(counts);
    expect(counts.compared).toBeGreaterThan(counts.left + counts.invalid);
  });
});
