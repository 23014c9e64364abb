/**
 * Which user of the account's DHIS2 a member is. Whoever says so lets that user act as the member, so they must hold
 * what the member holds.
 */
import { recordChange } from '@iroko/changes';
import { type AccountDatabase, isId, isViolation } from '@iroko/database';
import { badInput, conflict, notFound } from '@iroko/errors';
import type { Viewer } from '@iroko/viewer';
import { lastingMembership } from '../memberships/memberships.sql';
import { granterOf } from '../roles/granter';
import { rightsNow } from '../roles/granter.sql';
import { refuseUnheld } from '../roles/granting';
import { refuseBeyond } from '../scope/member-scope';
import { DHIS2_ID } from './dhis2';
import { dhis2IdOf, writeDhis2Id } from './members.sql';

/** Throws NOT_FOUND, BAD_USER_INPUT, FORBIDDEN, and CONFLICT when another member is that user. */
export async function linkDhis2User(
  db: AccountDatabase,
  viewer: Viewer,
  userId: string,
  dhis2Id: string | null,
): Promise<void> {
  if (dhis2Id !== null && !DHIS2_ID.test(dhis2Id)) {
    throw badInput('An id of DHIS2 is a letter and ten letters or digits, such as xE7jOejl9FI.', {
      path: ['dhis2Id'],
    });
  }
  await db
    .transaction(async (tx) => {
      const held = await granterOf(tx, viewer, 'users.manage');
      const member = isId(userId) ? await lastingMembership(tx, userId) : undefined;
      const before = member && (await dhis2IdOf(tx, userId));
      if (!before) throw notFound('User', userId);
      await refuseBeyond(tx, held.scope, member);
      const theirs = await rightsNow(tx, userId);
      if (theirs) refuseUnheld(held, theirs);
      if ((await writeDhis2Id(tx, userId, dhis2Id)) === 0) return;
      await recordChange(tx, {
        subjectType: 'Membership',
        subjectId: userId,
        action: 'UPDATE',
        before: { dhis2Id: before.dhis2Id },
        after: { dhis2Id },
      });
    })
    .catch((error: unknown) => {
      if (!isViolation(error, 'membership_dhis2_id_key')) throw error;
      throw conflict(`Another member of the account is the DHIS2 user ${dhis2Id}.`, { fields: ['dhis2Id'] });
    });
}
