/**
 * Whom somebody may put into a team or take out of one: others, never themselves, and, with a limited scope, only
 * those who lie within it. What a team is called and where it stands concerns everybody in it, so that rule holds for
 * all of them then. A team gives no rights, and still says who works for whom.
 */
import type { AccountTransaction } from '@iroko/database';
import { ApiError } from '@iroko/errors';
import { seenMembers } from '../scope/members-in-scope';
import { peopleWithin } from './teams.sql';

/** Throws FORBIDDEN for oneself, and for somebody beyond one's scope. */
export async function refuseMoving(tx: AccountTransaction, userIds: readonly string[]): Promise<void> {
  if (userIds.some((id) => id === tx.actor.userId)) {
    throw new ApiError('FORBIDDEN', 'Nobody puts themselves into a team or takes themselves out of one.');
  }
  await refuseBeyondReach(tx, userIds);
}

/** Throws FORBIDDEN when somebody in one of the teams, or in a team within, is beyond one's scope. */
export async function refuseTeamsBeyond(tx: AccountTransaction, teamIds: readonly string[]): Promise<void> {
  const people = await peopleWithin(tx, teamIds);
  await refuseBeyondReach(
    tx,
    people.map(({ userId }) => userId),
  );
}

async function refuseBeyondReach(tx: AccountTransaction, userIds: readonly string[]): Promise<void> {
  const seen = await seenMembers(tx, userIds);
  if (userIds.every((id) => seen.has(id) || id === tx.actor.userId)) return;
  throw new ApiError(
    'FORBIDDEN',
    'People beyond your scope are concerned, so somebody else has to do this.',
    {
      scope: 'ORG_UNITS',
    },
  );
}
