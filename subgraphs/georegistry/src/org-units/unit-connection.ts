/**
 * Lists of units: beside what every list has, which of the united sets of filters each unit is of, and counts that can
 * end early, since a list may be of a million.
 */
import { badInput } from '@iroko/errors';
import { type Connection, connectionOf, type Edge } from '@iroko/graph';
import { Arg, type ClassType, Field, Int } from 'type-graphql';

export interface UnitEdge<Node> extends Edge<Node> {
  set: number | null;
}

interface CountArgs {
  atMost: number | null;
}

/** What a resolver answers: counts run their own statements, and only when they are selected. */
export interface UnitConnection<Node> extends Connection<Node> {
  edges: UnitEdge<Node>[];
  totalCount(args: CountArgs): Promise<number>;
  setCounts(args: CountArgs): Promise<number[]>;
}

export function unitConnectionOf<Node extends object>(
  name: string,
  nodeType: () => ClassType<Node> | object,
) {
  const connection = connectionOf<Node>(name, nodeType, (edge) =>
    Field(() => Int, {
      nullable: true,
      description:
        'Where several sets of filters are united (`anyOf`): the index of the first that keeps this unit, from 0.',
    })(edge, 'set'),
  );
  const countField = (field: string, type: () => typeof Int | (typeof Int)[], description: string) => {
    Field(type, { description })(connection.prototype, field);
    Arg('atMost', () => Int, {
      nullable: true,
      description:
        'To count no further than so many, 0 or more: an answer of that number then means at least so many, and comes soon however long the list is. Exact without it.',
    })(connection.prototype, field, 0);
  };
  countField(
    'totalCount',
    () => Int,
    'How many there are on all pages, counted by a statement of its own: of a million units, exactly, it takes a part of a second.',
  );
  countField(
    'setCounts',
    () => [Int],
    'How many units each set of `anyOf` keeps, in their order; a unit of two sets counts in both. Empty without `anyOf`.',
  );
  return connection;
}

/** Throws BAD_USER_INPUT. */
export function checkedCap({ atMost }: CountArgs): number | null {
  if (atMost != null && atMost < 0) {
    throw badInput(`atMost is ${atMost}; counting ends at 0 or more.`, { path: ['atMost'] });
  }
  return atMost ?? null;
}
