/**
 * Lists are Relay connections with keyset cursors: a page begins after the keys of the last item, so it stays right
 * while others write.
 */
import 'reflect-metadata';
import { badInput } from '@iroko/errors';
import { ArgsType, type ClassType, Directive, Field, Int, ObjectType } from 'type-graphql';
import type { CursorKey, CursorScope, Cursors } from './cursor';

export const DEFAULT_PAGE = 50;
export const MAX_PAGE = 1000;

@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: DEFAULT_PAGE, description: `How many items, 0 to ${MAX_PAGE}.` })
  first!: number;

  @Field(() => String, {
    nullable: true,
    description: 'The cursor after which the page begins, from an earlier page of the same list.',
  })
  after?: string | null;
}

@Directive('@shareable')
@ObjectType({ description: 'Where a page stands in its list.', simpleResolvers: true })
export class PageInfo {
  @Field({ description: 'Whether there are items after this page.' })
  hasNextPage!: boolean;

  @Field({ description: 'Whether the page began after a cursor.' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'The cursor of the first item.' })
  startCursor!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The cursor of the last item: give it as `after` for the next page.',
  })
  endCursor!: string | null;
}

export interface Edge<Node> {
  node: Node;
  cursor: string;
}

export interface Connection<Node> {
  edges: Edge<Node>[];
  nodes: Node[];
  pageInfo: PageInfo;
}

/**
 * The connection type of a node type. `totalCount` is no field of it: a list that can count adds a field resolver
 * of that name, with a statement of its own that runs when selected. `addToEdge` may add fields to the edge's prototype.
 */
export function connectionOf<Node extends object>(
  name: string,
  nodeType: () => ClassType<Node> | object,
  addToEdge?: (edge: object) => void,
) {
  @ObjectType(`${name}Edge`, { description: `One ${name} in a list.`, simpleResolvers: true })
  class EdgeType {
    @Field(() => nodeType() as ClassType<Node>, { description: `The ${name}.` })
    node!: Node;

    @Field({ description: 'Where it stands in the list, opaque.' })
    cursor!: string;
  }
  addToEdge?.(EdgeType.prototype);

  @ObjectType(`${name}Connection`, { description: `A page of a list of ${name}.`, simpleResolvers: true })
  class ConnectionType implements Connection<Node> {
    @Field(() => [EdgeType], { description: 'The items with their cursors.' })
    edges!: EdgeType[];

    @Field(() => [nodeType() as ClassType<Node>], { description: 'The items without their cursors.' })
    nodes!: Node[];

    @Field(() => PageInfo, { description: 'Where this page stands in the list.' })
    pageInfo!: PageInfo;
  }

  return ConnectionType;
}

export interface PageRequest {
  first: number;
  /** The keys after which the page begins, or undefined for the first page. */
  after: CursorKey[] | undefined;
  /** Ask the database for this many rows: one more than the page, to know whether there is a next one. */
  limit: number;
}

/** Checks the arguments of a page. Throws BAD_USER_INPUT for a size out of range or a cursor of another list. */
export function pageRequest(args: PageArgs, cursors: Cursors, scope: CursorScope): PageRequest {
  if (args.first < 0 || args.first > MAX_PAGE) {
    throw badInput(`first is ${args.first}; a page has 0 to ${MAX_PAGE} items.`, { path: ['first'] });
  }
  const after = args.after == null ? undefined : cursors.decode(scope, args.after);
  return { first: args.first, after, limit: args.first + 1 };
}

/** Makes the connection from the rows that `limit` brought. `keysOf` gives the keys by which the list is sorted. */
export function pageOf<Node>(
  rows: readonly Node[],
  page: PageRequest,
  cursors: Cursors,
  scope: CursorScope,
  keysOf: (row: Node) => CursorKey[],
): Connection<Node> {
  const nodes = rows.slice(0, page.first);
  const edges = new LazyEdges(nodes, (node) => cursors.encode(scope, keysOf(node)));
  return {
    nodes,
    get edges() {
      return edges.all();
    },
    pageInfo: {
      hasNextPage: rows.length > page.first,
      hasPreviousPage: page.after !== undefined,
      get startCursor() {
        return edges.cursorAt(0);
      },
      get endCursor() {
        return edges.cursorAt(nodes.length - 1);
      },
    },
  };
}

/** A cursor costs a MAC, and most clients ask for one of fifty. */
class LazyEdges<Node> {
  constructor(
    private readonly nodes: Node[],
    private readonly cursorOf: (node: Node) => string,
  ) {}

  all(): Edge<Node>[] {
    return this.nodes.map((node) => ({ node, cursor: this.cursorOf(node) }));
  }

  cursorAt(index: number): string | null {
    const node = this.nodes[index];
    return node === undefined ? null : this.cursorOf(node);
  }
}
