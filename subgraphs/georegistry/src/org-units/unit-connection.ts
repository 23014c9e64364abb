/** Lists of units: beside what every list has, which of the united sets of filters each unit is of. */
import type { Edge } from '@iroko/graph';
import { type ClassType, Field, Int } from 'type-graphql';
import { type CountedConnection, countedConnectionOf } from '../counted-connection';

export interface UnitEdge<Node> extends Edge<Node> {
  set: number | null;
}

export interface UnitConnection<Node> extends CountedConnection<Node> {
  edges: UnitEdge<Node>[];
  setCounts: () => Promise<number[]>;
}

export function unitConnectionOf<Node extends object>(
  name: string,
  nodeType: () => ClassType<Node> | object,
) {
  const connection = countedConnectionOf<Node>(name, nodeType, (edge) =>
    Field(() => Int, {
      nullable: true,
      description:
        'Where several sets of filters are united (`anyOf`): the index of the first that keeps this unit, from 0.',
    })(edge, 'set'),
  );
  Field(() => [Int], {
    description:
      'How many units each set of `anyOf` keeps, in their order; a unit of two sets counts in both. Empty without `anyOf`.',
  })(connection.prototype, 'setCounts');
  return connection;
}
