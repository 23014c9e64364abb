/**
 * Writes what rows of a file of users lead to: invitations with their mails, changes of members with their teams, and
 * the log of it all. What may be given was looked at before, in the same transaction.
 */
import { personal, recordChanges } from '@iroko/changes';
import type { AccountTransaction } from '@iroko/database';
import { enqueue, type RunningJob } from '@iroko/jobs';
import { TeamPeople } from '../teams/team-people';
import { type BulkInvitation, insertInvitations, updateMemberships } from './bulk-users.sql';
import { mailInvitations } from './mail-job';
import type { RowProblem } from './parse-row';
import { differences, type RowPlan } from './plan';

type Update = Extract<RowPlan, { kind: 'UPDATE' }>;

export async function writePlans(
  tx: AccountTransaction,
  job: RunningJob,
  plans: readonly (RowPlan | RowProblem)[],
): Promise<void> {
  const invitations = plans.flatMap((row) => ('invitation' in row ? [row.invitation] : []));
  const updates = plans.flatMap((row) => ('after' in row ? [row] : []));
  if (invitations.length > 0) await invite(tx, job, invitations);
  if (updates.length > 0) await update(tx, updates);
}

async function invite(
  tx: AccountTransaction,
  { viewer }: RunningJob,
  invitations: readonly BulkInvitation[],
): Promise<void> {
  const added = new Set((await insertInvitations(tx, invitations, viewer.userId)).map(({ id }) => id));
  const there = invitations.filter(({ id }) => added.has(id));
  await recordChanges(
    tx,
    there.map(({ id, email, emailKey: _, firstName, lastName, organization, phone, ...preset }) => ({
      subjectType: 'Invitation',
      subjectId: id,
      action: 'CREATE',
      before: null,
      after: {
        ...preset,
        email: personal(email),
        firstName: personal(firstName),
        lastName: personal(lastName),
        organization: personal(organization),
        phone: personal(phone),
      },
    })),
  );
  if (there.length > 0) await enqueue(tx, mailInvitations, { invitationIds: there.map(({ id }) => id) });
}

async function update(tx: AccountTransaction, updates: readonly Update[]): Promise<void> {
  await updateMemberships(
    tx,
    updates.map(({ after }) => after),
  );
  await moveBetweenTeams(tx, updates);
  await recordChanges(
    tx,
    updates.map(({ before, after }) => {
      const changed = differences(before, after);
      return {
        subjectType: 'Membership',
        subjectId: after.userId,
        action: 'UPDATE',
        before: changed.before,
        after: changed.after,
      };
    }),
  );
}

async function moveBetweenTeams(tx: AccountTransaction, updates: readonly Update[]): Promise<void> {
  const pairs = (userId: string, from: readonly string[], without: readonly string[]) =>
    from.filter((id) => !without.includes(id)).map((teamId) => ({ teamId, userId }));
  const added = updates.flatMap(({ before, after }) => pairs(after.userId, after.teamIds, before.teamIds));
  const taken = updates.flatMap(({ before, after }) => pairs(after.userId, before.teamIds, after.teamIds));
  if (added.length + taken.length === 0) return;
  const teams = await TeamPeople.of(
    tx,
    [...added, ...taken].map(({ teamId }) => teamId),
  );
  await teams.move(tx, { added, taken });
  await teams.record(tx);
}
