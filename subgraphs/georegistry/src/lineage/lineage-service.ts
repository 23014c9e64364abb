/** Operations as a person asks for them: done at once, or by a job where so much goes along that a request would wait. */
import type { AccountDatabase, AccountTransaction } from '@iroko/database';
import { badInput, limitExceeded } from '@iroko/errors';
import { enqueue } from '@iroko/jobs';
import { UNITS_PER_REQUEST_MAX } from '../org-units/unit-in-draft';
import { translatingRefusals } from '../refusals';
import { storeShape } from '../shapes/store-shape';
import { type CarriedOut, carryOut, TooLarge } from './carry-out';
import type { LineageOrder, Successor } from './lineage';
import { lineageJob } from './lineage-job';
import { readScene } from './scene';

/** How many units an operation names on either side. */
const NAMED_MAX = 100;
const REASON_LENGTH_MAX = 1000;

/** An order whose shapes are not stored yet. */
export type GivenOrder = Omit<LineageOrder, 'successors'> & {
  successors: (Successor & { shape?: object | null | undefined })[];
};

export type LineageOutcome = CarriedOut | { jobId: string; size: number };

/** Throws NOT_FOUND, BAD_USER_INPUT, FORBIDDEN and CONFLICT; then nothing is written. */
export async function performLineage(db: AccountDatabase, given: GivenOrder): Promise<LineageOutcome> {
  const checked = checkedOrder(given);
  try {
    return await translatingRefusals(() =>
      db.transaction(async (tx) => {
        const order = await withStoredShapes(tx, checked);
        const scene = await readScene(tx, order, {});
        return carryOut(tx, order, scene, { sizeMax: UNITS_PER_REQUEST_MAX });
      }),
    );
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
    const jobId = await db.transaction(async (tx) => {
      const order = await withStoredShapes(tx, checked);
      const { dataSourceId } = await readScene(tx, order, {});
      return enqueue(tx, lineageJob, { dataSourceId, order });
    });
    return { jobId, size: error.size };
  }
}

async function withStoredShapes(tx: AccountTransaction, order: GivenOrder): Promise<LineageOrder> {
  const successors: Successor[] = [];
  for (const [index, { shape, ...successor }] of order.successors.entries()) {
    if (successor.create === null || shape === undefined) {
      successors.push(successor);
      continue;
    }
    const path = ['input', 'into', String(index), 'create', 'shape'];
    const shapeHash = shape === null ? null : await storeShape(tx, shape, path);
    successors.push({ ...successor, create: { ...successor.create, shapeHash } });
  }
  return { ...order, successors };
}

/** What can be told without looking anything up. */
function checkedOrder(order: GivenOrder): GivenOrder {
  const { predecessors, successors } = order;
  const named = Math.max(predecessors.length, successors.length);
  if (named > NAMED_MAX) {
    throw limitExceeded(
      `An operation names at most ${NAMED_MAX} units on either side.`,
      'units of an operation',
      NAMED_MAX,
      named,
    );
  }
  const reason = order.reason.trim();
  if (reason === '' || reason.length > REASON_LENGTH_MAX || reason.includes('\0')) {
    throw badInput(`reason has ${reason.length} characters; say why in 1 to ${REASON_LENGTH_MAX}.`, {
      path: ['input', 'reason'],
    });
  }
  if (!(order.overlapTolerance >= 0 && order.overlapTolerance <= 1)) {
    throw badInput(`overlapTolerance is ${order.overlapTolerance}; it is a share, 0 to 1.`, {
      path: ['input', 'overlapTolerance'],
    });
  }
  return { ...order, reason };
}
