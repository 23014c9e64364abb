import { silentLogger } from '@iroko/telemetry';
import { federationOf } from '../../testing/federation';
import { placesFederation } from '../../testing/places-federation';
import { Differential } from './differential';
import type { InProcessSubgraph } from './subgraph';

const context = () => ({ requestId: 'answers-test', authorization: undefined });

describe('where the stock executor is no measure', () => {
  const federation = federationOf(placesFederation);
  const differential = new Differential({ ...federation, log: silentLogger });
  beforeAll(() => differential.start());
  afterAll(() => differential.stop());

  const answer = async (query: string) => {
    const comparison = await differential.compare({ query }, context);
    expect(comparison.compared).toBe(true);
    return comparison.answer;
  };

  it('an error names the item of a mixed list that it belongs to', async () => {
    const { errors } = await answer('{ things { ... on Person { email } } }');
    expect(errors?.map(({ path }) => path)).toEqual([['things', 4, 'email']]);
  });

  it('an error names the item behind a null', async () => {
    const { errors } = await answer('{ holes { reportCount } }');
    expect(errors?.map(({ path }) => path)).toEqual([['holes', 2, 'reportCount']]);
  });

  it('an error names the item in a list of lists', async () => {
    const { errors } = await answer('{ grid { strictCount } }');
    expect(errors?.map(({ path }) => path)).toEqual([['grid', 2, 0, 'strictCount']]);
  });

  it('a narrower type inside an interface keeps its fields', async () => {
    const { data } = await answer('{ me { ... on Node { ... on Thing { kindOfThing: __typename } } } }');
    expect(data).toEqual({ me: { kindOfThing: 'Person' } });
    const below = await answer('{ place(id: "p1") { ... on Spot { parent { ... on Place { id } } } } }');
    expect(below.data).toEqual({ place: { parent: { id: 'p0' } } });
  });

  it('an alias may have a name that every object inherits', async () => {
    const { data } = await answer(
      '{ __proto__: place(id: "p1") { __proto__: name constructor: reportCount } }',
    );
    expect(JSON.stringify(data)).toBe('{"__proto__":{"__proto__":"Place 1","constructor":1}}');
  });
});

describe('a subgraph that breaks its promises', () => {
  const answering = async (places: unknown, counts?: InProcessSubgraph['execute']) => {
    const { supergraphSdl } = federationOf([
      {
        name: 'places',
        sdl: 'type Query { places: [Place!]! } type Place @key(fields: "id") { id: ID! size: Int kind: Kind } enum Kind { A }',
        resolvers: {},
      },
      { name: 'counts', sdl: 'type Place @key(fields: "id") { id: ID! count: Int! }', resolvers: {} },
    ]);
    const subgraphs: InProcessSubgraph[] = [
      { name: 'places', execute: async () => structuredClone({ data: { places } }) as { data: never } },
      { name: 'counts', execute: counts ?? (async () => ({ data: { _entities: [] } })) },
    ];
    const differential = new Differential({ supergraphSdl, subgraphs, log: silentLogger });
    await differential.start();
    const comparison = await differential.compare({ query: '{ places { size kind count } }' }, context);
    await differential.stop();
    expect(comparison).toMatchObject({ compared: true, difference: undefined });
    return comparison.answer;
  };
  const place = { __typename: 'Place', id: '1', size: 1, kind: 'A' };
  const counted: InProcessSubgraph['execute'] = async () => ({ data: { _entities: [{ count: 1 }] } });

  it('sends an enum value that is none, or a text for a number', async () => {
    const { data, extensions } = await answering([{ ...place, size: 'big', kind: 'Z' }], counted);
    expect(data).toEqual({ places: [{ size: null, kind: null, count: 1 }] });
    expect(extensions?.valueCompletion).toHaveLength(2);
  });

  it('sends null for a list that must be there', async () => {
    expect(await answering(null)).toMatchObject({ data: null });
  });

  it('sends a text for a list', async () => {
    expect((await answering('places')).errors).toHaveLength(1);
  });

  it('answers with too few entities', async () => {
    const { data, errors } = await answering([place]);
    expect({ data, errors: errors?.length }).toEqual({ data: null, errors: 1 });
  });

  it('cannot be reached, which spoils its own part only', async () => {
    const { errors } = await answering([place], async () => {
      throw new Error('ECONNREFUSED');
    });
    expect(errors).toMatchObject([{ message: 'ECONNREFUSED' }]);
  });
});
