/** Connections that can say how many items there are on all pages, when somebody asks. */
import { type Connection, connectionOf } from '@iroko/graph';
import { type ClassType, Field, Int } from 'type-graphql';

/** What a resolver answers: `totalCount` runs its own statement, and only when it is selected. */
export interface CountedConnection<Node> extends Connection<Node> {
  totalCount: () => Promise<number>;
}

export function countedConnectionOf<Node extends object>(
  name: string,
  nodeType: () => ClassType<Node> | object,
  addToEdge?: (edge: object) => void,
) {
  const connection = connectionOf<Node>(name, nodeType, addToEdge);
  Field(() => Int, {
    description:
      'How many there are on all pages, counted exactly by a statement of its own: of a million units it takes a part of a second.',
  })(connection.prototype, 'totalCount');
  return connection;
}

export function counted<Node>(
  connection: Connection<Node>,
  count: () => Promise<{ count: number }>,
): CountedConnection<Node> {
  return Object.assign(connection, { totalCount: async () => (await count()).count });
}
