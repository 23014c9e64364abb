/**
 * Whom a viewer sees as members: who is limited to org units or projects sees themselves and those whose whole scope
 * lies within that. The same rule bounds whom they change, see `refuseBeyond`. Types of org units that may be edited
 * limit no reading, so they play no part here.
 */
import { type AccountDatabase, isId } from '@iroko/database';
import { unitReach } from '@iroko/viewer';
import { type MemberReach, membersWithin } from './members-in-scope.sql';

export type { MemberReach } from './members-in-scope.sql';

/** The reach of a handle over members; undefined: every member. */
export async function memberReach(db: AccountDatabase): Promise<MemberReach | undefined> {
  const units = await unitReach(db);
  const projects = db.actor.scope?.projects ?? null;
  if (units === undefined && projects === null) return undefined;
  return { units, projects, self: db.actor.userId ?? null };
}

/** Those of the users whom the handle sees as members; the others are to it known by name alone. */
export async function seenMembers(
  db: AccountDatabase,
  userIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const reach = await memberReach(db);
  if (reach === undefined) return new Set(userIds);
  const rows = await membersWithin(db, reach, userIds.filter(isId));
  return new Set(rows.map(({ userId }) => userId));
}
