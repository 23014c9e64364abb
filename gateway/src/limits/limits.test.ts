import { ApiError } from '@iroko/errors';
import { buildSchema } from 'graphql';
import { DocumentLimits, type QueryLimits } from './document-limits';

const schema = buildSchema(`
  type Query { place: Place places(first: Int = 20): Places pages(first: Int): Places }
  type Places { nodes: [Place!]! }
  type Place { id: ID! name: String parent: Place children(first: Int = 20): Places }`);

const WIDE: QueryLimits = {
  queryDepthLimit: 15,
  queryAliasLimit: 100,
  queryRootFieldLimit: 30,
  queryTokenLimit: 5000,
  queryCostLimit: 200_000,
};

function refusal(query: string, limits: Partial<QueryLimits> = {}, variables = {}): ApiError {
  try {
    new DocumentLimits({ ...WIDE, ...limits }, () => schema).admit(query, undefined, variables);
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error('It was admitted.');
}

const admitted = (query: string, limits: Partial<QueryLimits> = {}, variables = {}) =>
  new DocumentLimits({ ...WIDE, ...limits }, () => schema).admit(query, undefined, variables)?.kind;

describe('the limits of an operation', () => {
  it('depth counts fields in fields, through fragments', () => {
    expect(admitted('{ place { parent { id } } }', { queryDepthLimit: 3 })).toBe('query');
    const error = refusal('{ place { ...P } } fragment P on Place { parent { id } }', { queryDepthLimit: 2 });
    expect(error.message).toBe("The operation's depth is 3; the limit is 2, set by QUERY_DEPTH_LIMIT.");
    expect(error.extensions).toEqual({
      code: 'LIMIT_EXCEEDED',
      details: { limit: 'QUERY_DEPTH_LIMIT', maximum: 2, actual: 3 },
    });
  });

  it.each([
    ['QUERY_ALIAS_LIMIT', '{ a: place { b: id } c: place { id } }', { queryAliasLimit: 2 }],
    [
      'QUERY_ROOT_FIELD_LIMIT',
      '{ place { id } ... { places { nodes { id } } } }',
      { queryRootFieldLimit: 1 },
    ],
    ['QUERY_TOKEN_LIMIT', '{ place { id name id name } }', { queryTokenLimit: 8 }],
    ['QUERY_COST_LIMIT', '{ places(first: 1000) { nodes { id name } } }', { queryCostLimit: 3000 }],
  ])('%s is named by the error', (limit, query, limits) => {
    expect(refusal(query, limits)).toMatchObject({ code: 'LIMIT_EXCEEDED', details: { limit } });
    expect(refusal(query, limits).message).toContain(limit);
  });

  it('says how far beyond the limit an operation is, in figures that a person can read', () => {
    const deep = (levels: number): string =>
      levels === 0 ? 'id' : `id children(first: 1000) { nodes { ${deep(levels - 1)} } }`;
    const query = `{ place { ${deep(6)} } }`;
    expect(refusal(query, { queryDepthLimit: 50 }).message).toMatch(
      /cost is more than a million million; the limit is 200,000,/,
    );
  });

  it('cost multiplies the page sizes around a field, given, from a variable, by default or assumed', () => {
    const cost = (query: string, variables = {}) =>
      refusal(query, { queryCostLimit: 0 }, variables).details.actual;
    expect(cost('{ place { id } }')).toBe(2);
    expect(cost('{ places { nodes { id } } }')).toBe(1 + 20 * 2);
    expect(cost('{ places(first: 3) { nodes { children(first: 5) { nodes { id } } } } }')).toBe(
      1 + 3 * (2 + 5 * 2),
    );
    const paged =
      'query ($n: Int = 7) { places(first: $n) { nodes { children(first: $n) { nodes { id } } } } }';
    expect(cost(paged)).toBe(1 + 7 * (2 + 7 * 2));
    expect(cost(paged, { n: 2 })).toBe(1 + 2 * (2 + 2 * 2));
    expect(cost('{ pages { nodes { id } } }')).toBe(1 + 50 * 2);
    expect(cost('{ places(first: -5) { nodes { id } } }')).toBe(3);
  });

  it('2,000 levels, 5,000 aliases and a thousand brackets are refused at once', () => {
    const began = performance.now();
    refusal(`{ ${'place { parent '.repeat(2000)}${'}'.repeat(2000)} }`);
    refusal(`{ ${Array.from({ length: 5000 }, (_, index) => `a${index}: place { id }`).join(' ')} }`);
    refusal(`{ places(first: ${'['.repeat(1000)}`);
    expect(performance.now() - began).toBeLessThan(500);
  });

  it('fragments that double each other are counted without being expanded', () => {
    const doubling = Array.from(
      { length: 60 },
      (_, index) => `fragment F${index} on Place { ...F${index + 1} ...F${index + 1} }`,
    );
    const query = `{ place { ...F0 } } ${doubling.join(' ')} fragment F60 on Place { id }`;
    expect(refusal(query).details).toMatchObject({ limit: 'QUERY_TOKEN_LIMIT', actual: 2 ** 60 + 1 });
  });

  it('a fragment within itself is left for validation to refuse', () => {
    expect(admitted('{ place { ...F } } fragment F on Place { parent { ...F } }')).toBe('query');
  });

  it('what cannot be parsed is bad input, with its place', () => {
    expect(refusal('{ place { id }')).toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { line: 1, column: 15 },
    });
    expect(refusal('{ "')).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('the operation that is asked for is the one that counts', () => {
    const limits = new DocumentLimits({ ...WIDE, queryCostLimit: 10 }, () => schema);
    const query = 'query Small { place { id } } query Large { places(first: 900) { nodes { id } } }';
    expect(limits.admit(query, 'Small', {})?.kind).toBe('query');
    expect(() => limits.admit(query, 'Large', {})).toThrow(/QUERY_COST_LIMIT/);
    expect(limits.admit(query, 'None', {})).toBeUndefined();
  });
});
