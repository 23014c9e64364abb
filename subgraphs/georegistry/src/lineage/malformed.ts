/** Orders that make no sense whatever the units are. Looked at once the units are known, so that no id is told from another. */
import { isId } from '@iroko/database';
import { badInput } from '@iroko/errors';
import type { LineageOrder } from './lineage';

/** Throws BAD_USER_INPUT. */
export function refuseMalformed(order: LineageOrder): void {
  const { kind, ending, successors, children } = order;
  const unclear = successors.findIndex(({ unit, create }) => (unit === null) === (create === null));
  if (unclear >= 0) {
    throw badInput(
      'A unit that takes a place is one that is there (unit) or one that is made (create): give one of them.',
      { path: ['input', kind === 'REPLACE' ? 'by' : 'into', ...(kind === 'SPLIT' ? [String(unclear)] : [])] },
    );
  }
  if (ending === 'KEPT' && kind !== 'SPLIT')
    throw badInput('Only a unit that is split can be kept.', { path: ['input', 'ending'] });
  const few = TOO_FEW[kind](order);
  if (few) throw badInput(few, { path: ['input'] });
  if (children.onClose === 'MOVE' && (children.moveTo === null || !isId(children.moveTo))) {
    throw badInput('To move the children, name the unit below which they come.', {
      path: ['input', 'moveChildrenTo'],
    });
  }
}

/** What is wrong with how many units are named. */
const TOO_FEW: Record<LineageOrder['kind'], (order: LineageOrder) => string | undefined> = {
  SPLIT: ({ successors, ending }) =>
    successors.length === 0 || (successors.length === 1 && ending !== 'KEPT')
      ? 'A unit that ends is split into two or more; one that is kept, into one more or several. One for one is replaceOrgUnit.'
      : undefined,
  MERGE: ({ predecessors, successors: [target] }) =>
    predecessors.length === 1 && target?.create
      ? 'Two units or more merge into a new one, one or more into a unit that is there. One for one is replaceOrgUnit.'
      : undefined,
  REPLACE: () => undefined,
  CLOSE: () => undefined,
};
