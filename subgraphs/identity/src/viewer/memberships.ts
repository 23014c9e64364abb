/**
 * The accounts of a person. A person belongs to no account, so this is read without one; it is shown to that person
 * alone.
 */
import type { PrismaClient } from '../generated/prisma/client';
import type { MembershipType } from './viewer-type';

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
    include: { account: true, roles: { include: { role: true } } },
  });
  return memberships
    .map(({ account, roles, createdAt }) => ({
      account,
      roles: roles.map(({ role }) => role).sort((a, b) => compared(a.nameKey, b.nameKey)),
      createdAt,
    }))
    .sort((a, b) => compared(a.account.name, b.account.name) || compared(a.account.id, b.account.id));
}

function compared(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
