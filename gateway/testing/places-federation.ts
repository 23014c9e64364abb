/**
 * Three subgraphs in which everything occurs that an executor can stumble over: interfaces, unions, an entity
 * interface, keys in another type's shape, errors, nulls where the schema allows none, lists of lists.
 */
import type { SubgraphDefinition } from './federation';

interface PlaceRow {
  __typename: 'Place';
  id: string;
  name: string;
  code: number | null;
  parent: string | null;
}

const PLACES: PlaceRow[] = Array.from({ length: 9 }, (_, index) => ({
  __typename: 'Place',
  id: `p${index}`,
  name: `Place ${index}`,
  code: index % 4 === 3 ? null : index * 10,
  parent: index === 0 ? null : `p${Math.floor((index - 1) / 2)}`,
}));
const PEOPLE = Array.from({ length: 4 }, (_, index) => ({ __typename: 'Person', id: `u${index}` }));
const GROUPS = ['g0', 'g1'].map((id) => ({ __typename: 'Group', id, name: `Group ${id}` }));
const MEDIA = [
  { __typename: 'Book', id: 'm0', title: 'Atlas', pages: 10 },
  { __typename: 'Film', id: 'm1', title: 'Rivers', minutes: 90 },
];

const placeById = (id: unknown) => PLACES.find((place) => place.id === id) ?? null;
const indexOf = ({ id }: { id: string }) => Number(id.slice(1));

function fail(what: string): never {
  throw new Error(`${what} does not work`);
}

const places: SubgraphDefinition = {
  name: 'places',
  sdl: `
    type Query {
      place(id: ID!): Place
      places(first: Int = 4): [Place!]!
      holes: [Place]
      grid: [[Place]!]
      things: [Thing!]!
      nodes: [Node]
      spot: Spot
      media: [Media!]!
      echo(text: String, number: Float, on: Boolean, kind: Kind): String
      broken: String
      brokenHard: String!
      constructor: String
    }
    type Mutation { rename(id: ID!, name: String!): Place  broken: Place }
    interface Node { id: ID! }
    interface Spot implements Node { id: ID! name: String! parent: Spot }
    enum Kind { ZONE SCHOOL }
    type Place implements Node & Spot @key(fields: "id") {
      id: ID! name: String! code: Int parent: Place children(first: Int = 3): [Place!]!
      groups: [Group!] kind: Kind tags: [String] broken: String brokenHard: String! size: Float!
      missing: String! nearest: Spot things: [Thing] toString: String
    }
    type Group implements Node @key(fields: "id") { id: ID! name: String! members: [Thing] }
    type Person implements Node @key(fields: "id") { id: ID! }
    union Thing = Place | Group | Person
    interface Media @key(fields: "id") { id: ID! title: String! }
    type Book implements Media @key(fields: "id") { id: ID! title: String! pages: Int }
    type Film implements Media @key(fields: "id") { id: ID! title: String! minutes: Int }`,
  resolvers: {
    Query: {
      place: (_: unknown, { id }: { id: string }) => placeById(id),
      places: (_: unknown, { first }: { first: number }) => PLACES.slice(0, first),
      holes: () => [PLACES[0], null, PLACES[3]],
      grid: () => [[PLACES[1], null], [], [PLACES[2]]],
      things: () => [PLACES[1], PEOPLE[0], GROUPS[0], PLACES[2], PEOPLE[1]],
      nodes: () => [GROUPS[1], null, PLACES[4], PEOPLE[2]],
      spot: () => PLACES[5],
      media: () => MEDIA,
      echo: (_: unknown, given: object) => JSON.stringify(given),
      broken: () => fail('broken'),
      brokenHard: () => fail('brokenHard'),
      constructor: () => 'built',
    },
    Mutation: {
      rename: (_: unknown, { id, name }: { id: string; name: string }) => ({ ...placeById(id), name }),
      broken: () => fail('the mutation'),
    },
    Place: {
      __resolveReference: ({ id }: { id: string }) => placeById(id),
      parent: (place: PlaceRow) => placeById(place.parent),
      nearest: (place: PlaceRow) => placeById(place.parent),
      children: (place: PlaceRow, { first }: { first: number }) =>
        PLACES.filter(({ parent }) => parent === place.id).slice(0, first),
      groups: (place: PlaceRow) => (indexOf(place) % 3 === 2 ? null : GROUPS),
      kind: (place: PlaceRow) => (indexOf(place) % 2 ? 'ZONE' : 'SCHOOL'),
      tags: (place: PlaceRow) => (indexOf(place) % 2 ? ['a', null, 'b'] : null),
      broken: (place: PlaceRow) => (indexOf(place) % 2 ? fail(place.id) : 'whole'),
      brokenHard: (place: PlaceRow) => (indexOf(place) % 3 === 1 ? fail(place.id) : 'whole'),
      missing: (place: PlaceRow) => (indexOf(place) % 3 === 0 ? null : 'there'),
      size: (place: PlaceRow) => indexOf(place) / 4,
      things: (place: PlaceRow) => (indexOf(place) % 2 ? [PEOPLE[3], null, PLACES[0]] : null),
      toString: () => 'a place',
    },
    Group: {
      __resolveReference: ({ id }: { id: string }) => GROUPS.find((group) => group.id === id),
      members: () => [PLACES[1], PEOPLE[0], null],
    },
    Media: {
      __resolveReference: ({ id }: { id: string }) => MEDIA.find((item) => item.id === id),
    },
  },
};

const reports: SubgraphDefinition = {
  name: 'reports',
  sdl: `
    type Query { reports: [Report!]! latest: Report }
    type Report @key(fields: "id") { id: ID! place: Place author: Person text: String! }
    type Place @key(fields: "id") {
      id: ID!
      name: String! @external
      code: Int @external
      reports: [Report!]!
      reportCount(kind: String): Int
      strictCount: Int!
      label: String @requires(fields: "name code")
      latest: Report
    }
    type Person @key(fields: "id") { id: ID! reports: [Report!] }
    type Media @key(fields: "id") @interfaceObject { id: ID! views: Int! rating: Float }`,
  resolvers: {
    Query: {
      reports: () => [0, 1, 2].map(reportOf),
      latest: () => reportOf(2),
    },
    Report: { __resolveReference: ({ id }: { id: string }) => reportOf(Number(id.slice(1))) },
    Place: {
      // One place in five does not exist here, as when it was deleted meanwhile.
      __resolveReference: (place: PlaceRow) => (indexOf(place) === 5 ? null : { ...place }),
      reports: (place: PlaceRow) => [reportOf(indexOf(place))],
      reportCount: (place: PlaceRow) =>
        indexOf(place) === 3 ? fail(`count of ${place.id}`) : indexOf(place),
      strictCount: (place: PlaceRow) => (indexOf(place) === 2 ? fail(`strict count of ${place.id}`) : 1),
      label: ({ name, code }: PlaceRow) => `${name} (${code})`,
      latest: (place: PlaceRow) => (indexOf(place) % 2 ? reportOf(indexOf(place)) : null),
    },
    Person: {
      reports: (person: { id: string }) => (indexOf(person) % 2 ? null : [reportOf(0), reportOf(1)]),
    },
    Media: { views: ({ id }: { id: string }) => id.length, rating: () => null },
  },
};

function reportOf(index: number): object {
  return {
    __typename: 'Report',
    id: `r${index}`,
    place: { __typename: 'Place', id: `p${index}` },
    author: index % 3 === 1 ? null : { __typename: 'Person', id: `u${index % 4}` },
    text: `Report ${index}`,
  };
}

const people: SubgraphDefinition = {
  name: 'people',
  sdl: `
    type Query { me: Person! people: [Person] }
    type Person @key(fields: "id") { id: ID! fullName: String! email: String home: Place friends: [Person!] }
    type Place @key(fields: "id") { id: ID! residents: [Person!] }`,
  resolvers: {
    Query: { me: () => PEOPLE[0], people: () => [PEOPLE[0], null, PEOPLE[1]] },
    Person: {
      __resolveReference: (person: { id: string }) => (indexOf(person) === 3 ? fail(person.id) : person),
      fullName: (person: { id: string }) => `Person ${person.id}`,
      email: (person: { id: string }) => (indexOf(person) === 1 ? fail('mail') : `${person.id}@example.org`),
      home: (person: { id: string }) => ({ __typename: 'Place', id: `p${indexOf(person) + 1}` }),
      friends: (person: { id: string }) => PEOPLE.filter(({ id }) => id !== person.id).slice(0, 2),
    },
    Place: { residents: (place: PlaceRow) => (indexOf(place) % 2 ? [PEOPLE[indexOf(place) % 3]] : null) },
  },
};

export const placesFederation: SubgraphDefinition[] = [places, reports, people];
