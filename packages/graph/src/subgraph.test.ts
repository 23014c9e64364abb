import 'reflect-metadata';
import { type Database } from '@iroko/database';
import { silentLogger } from '@iroko/telemetry';
import { ANONYMOUS, type Viewer } from '@iroko/viewer';
import { parse } from 'graphql';
import { Authorized, Directive, Field, ID, ObjectType, Query, Resolver } from 'type-graphql';
import { buildSubgraph, connectionOf, executeOperation, RequestContext, type Subgraph } from './index';

@Directive('@key(fields: "id")')
@ObjectType({ description: 'A tree, for this test.', simpleResolvers: true })
class Tree {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => Date, { nullable: true, description: 'When it was planted.' })
  plantedAt!: Date | null;
}

const TreeConnection = connectionOf('Tree', () => Tree);

@Resolver()
class TreeResolver {
  @Authorized('org_units.read')
  @Query(() => TreeConnection, { description: 'Trees.' })
  trees() {
    return {
      nodes: [],
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    };
  }

  @Authorized()
  @Query(() => Boolean, { description: 'Whether one is somebody.' })
  somebody() {
    return true;
  }
}

const batches: string[][] = [];
const built = buildSubgraph({
  resolvers: [TreeResolver],
  orphanedTypes: [Tree],
  references: {
    Tree: async (_context, references) => {
      batches.push(references.map(({ id }) => String(id)));
      return references.map(({ id }) => (id === 'gone' ? null : { id, plantedAt: new Date(0) }));
    },
  },
});

const member: Viewer = {
  ...ANONYMOUS,
  kind: 'user',
  accountId: 'a',
  permissions: new Set(['org_units.read'] as const),
};

function run(query: string, viewer: Viewer, variables = {}) {
  const context = new RequestContext(
    { viewer, requestId: 'request-1', log: silentLogger },
    {},
    {} as Database,
  );
  return executeOperation(built as Subgraph, { document: parse(query), variables }, context);
}

describe('a subgraph', () => {
  it('resolves the references of a type in one batch, in order, with null for what is gone', async () => {
    const result = await run(
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Tree { id plantedAt } } }',
      member,
      { r: ['1', 'gone', '3'].map((id) => ({ __typename: 'Tree', id })) },
    );
    expect(result).toEqual({
      data: {
        _entities: [
          { id: '1', plantedAt: '1970-01-01T00:00:00.000Z' },
          null,
          { id: '3', plantedAt: '1970-01-01T00:00:00.000Z' },
        ],
      },
    });
    expect(batches).toEqual([['1', 'gone', '3']]);
  });

  it('answers a member who holds the permission', async () => {
    expect(await run('{ trees { nodes { id } } }', member)).toEqual({ data: { trees: { nodes: [] } } });
  });

  it('refuses an anonymous viewer and a member without the permission, each by its code', async () => {
    const anonymous = await run('{ trees { nodes { id } } }', ANONYMOUS);
    expect(anonymous.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    const other = await run('{ trees { nodes { id } } }', { ...member, permissions: new Set() });
    expect(other.errors?.[0]?.extensions).toEqual({
      code: 'FORBIDDEN',
      details: { permission: 'org_units.read' },
    });
  });

  it('refuses an anonymous viewer also where no permission is named', async () => {
    expect((await run('{ somebody }', ANONYMOUS)).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect(await run('{ somebody }', { ...member, permissions: new Set() })).toEqual({
      data: { somebody: true },
    });
  });

  it('prints federation schema language with descriptions and keys', () => {
    expect(built.sdl).toContain('@link(url: "https://specs.apollo.dev/federation/v2.9"');
    expect(built.sdl).toContain('type Tree @key(fields: "id")');
    expect(built.sdl).toContain('When it was planted.');
  });
});
