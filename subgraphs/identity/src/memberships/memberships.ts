/**
 * Memberships as they are read: those of one person, for that person, and those of one account, for whoever may see
 * its users.
 */
import { accountPrisma } from '@iroko/database';
import type { IdentityContext } from '../context';
import type { PrismaClient } from '../generated/prisma/client';
import { effectivePermissions } from '../roles/granting';
import { seenMembers } from '../scope/members-in-scope';
import type { MembershipType } from './membership-type';

const WHOLE = { account: true, roles: { include: { role: true } } } as const;

/** The memberships that last, by the name of the account; `onlyAccountId` narrows them to one. */
export async function membershipsOf(
  prisma: PrismaClient,
  userId: string,
  onlyAccountId: string | null,
): Promise<MembershipType[]> {
  const memberships = await prisma.membership.findMany({
    where: {
      userId,
      endedAt: null,
      account: { closedAt: null },
      ...(onlyAccountId === null ? {} : { accountId: onlyAccountId }),
    },
    include: WHOLE,
  });
  return memberships
    .map(membershipType)
    .sort((a, b) => compared(a.account.name, b.account.name) || compared(a.account.id, b.account.id));
}

/**
 * The memberships of these users in the viewer's account, one statement for all; undefined for who never had one and
 * for whom the viewer does not reach.
 */
export async function membershipsHere(
  context: IdentityContext,
  userIds: readonly string[],
): Promise<(MembershipType | undefined)[]> {
  const seen = await seenMembers(context.db, userIds);
  const memberships = await accountPrisma(context.services.prisma, context.db.account).membership.findMany({
    where: { userId: { in: [...seen] } },
    include: WHOLE,
  });
  const byUser = new Map(memberships.map((membership) => [membership.userId, membershipType(membership)]));
  return userIds.map((userId) => byUser.get(userId));
}

type Whole = Awaited<ReturnType<PrismaClient['membership']['findMany']>>[number] & {
  account: MembershipType['account'];
  roles: { role: MembershipType['roles'][number] & { nameKey: string } }[];
};

function membershipType(membership: Whole): MembershipType {
  const { userId, account, permissions, revision, createdAt, endedAt } = membership;
  const roles = membership.roles.map(({ role }) => role).sort((a, b) => compared(a.nameKey, b.nameKey));
  const effective =
    endedAt === null ? effectivePermissions([{ permissions, everyPermission: false }, ...roles]) : [];
  return {
    userId,
    account,
    roles,
    permissions,
    effectivePermissions: effective,
    revision,
    createdAt,
    endedAt,
  };
}

function compared(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
