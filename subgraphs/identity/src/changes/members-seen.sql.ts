/** Which events about people a reader sees who sees only some of the members: conditions on the subject of an event. */
import type { SubjectCondition } from '@iroko/changes';
import type { AccountDatabase, Statement } from '@iroko/database';
import { type MemberReach, memberWithin, scopeWithin } from '../scope/members-in-scope.sql';

export const subjectsWithin = (
  db: AccountDatabase,
  reach: MemberReach,
): Readonly<Record<string, SubjectCondition>> => {
  const ofMember: SubjectCondition = (userId) => db.sql`
    EXISTS (SELECT FROM identity.membership m
            WHERE m.account_id = ${db.account} AND m.user_id = ${userId}::uuid AND ${memberWithin(db, reach)})`;
  const within = (alias: 'i' | 't'): Statement =>
    scopeWithin(db, reach, {
      unitIds: db.sql.raw(`${alias}.unit_ids`),
      projectIds: db.sql.raw(`${alias}.project_ids`),
    });
  return {
    Membership: ofMember,
    User: ofMember,
    Invitation: (id) => db.sql`
      EXISTS (SELECT FROM identity.invitation i
              WHERE i.account_id = ${db.account} AND i.id = ${id}::uuid AND ${within('i')})`,
    ApiToken: (id) => db.sql`
      EXISTS (SELECT FROM identity.api_token t
              WHERE t.account_id = ${db.account} AND t.id = ${id}::uuid
                AND CASE WHEN t.user_id IS NULL THEN ${within('t')} ELSE ${ofMember(db.sql.raw('t.user_id'))} END)`,
  };
};
