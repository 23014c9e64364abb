import { serverAudits } from 'graphql-http';
import { federationOf } from '../testing/federation';
import { served } from '../testing/served';

const definitions = [
  {
    name: 'places',
    sdl: `type Query { place(id: ID!): Place, places(first: Int = 10): [Place!]! broken: String }
      type Mutation { rename(name: String!): Place }
      type Place @key(fields: "id") { id: ID! name: String! parent: Place }`,
    resolvers: {
      Query: {
        place: (_: unknown, { id }: { id: string }) => ({ id, name: 'Kita' }),
        places: () => [{ id: '1', name: 'Kita' }],
        broken: () => {
          throw new TypeError('the password is hunter2');
        },
      },
      Mutation: { rename: (_: unknown, { name }: { name: string }) => ({ id: '1', name }) },
    },
  },
];

describe('GraphQL over HTTP at the gateway', () => {
  const door = served(() => federationOf(definitions));

  for (const audit of serverAudits({ url: () => `${door.url()}/graphql`, fetchFn: fetch })) {
    it(audit.name, async () => {
      const result = await audit.fn();
      expect(result.status === 'ok' ? '' : `${result.status}: ${result.reason}`).toBe('');
    });
  }
});
