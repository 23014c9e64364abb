/** A plan is decided on, applied and proposed while it is READY. */
import { conflict } from '@iroko/errors';
import type { MergePlanRecord } from './merge-plan';

/** Throws CONFLICT for a plan that is not made yet, and for one that was applied or proposed. */
export function refuseUnready(plan: MergePlanRecord | undefined): asserts plan is MergePlanRecord {
  if (plan?.status === 'READY') return;
  const status = plan?.status ?? 'PLANNING';
  throw conflict(
    status === 'PLANNING'
      ? 'The plan is not made yet. Wait for its job, or look there why it failed.'
      : `The plan was ${status.toLowerCase()} already. Make a new one.`,
    { status },
  );
}
