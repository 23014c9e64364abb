/**
 * Persons by their ids, as far as this viewer's account knows them: members, and those who were, since what they
 * did stays. Whoever is out of the viewer's scope is known by name alone, since what they did may lie within it.
 */
import { accountPrisma, isId } from '@iroko/database';
import { inOrderOf, type Reference } from '@iroko/graph';
import type { IdentityContext } from '../context';
import { seenMembers } from '../scope/members-in-scope';
import type { UserType } from './user-type';

interface Person extends UserType {
  email: string;
}

/** The person as this viewer may see them. */
export function shownTo(context: Pick<IdentityContext, 'viewer'>, person: Person): UserType {
  const { id, firstName, lastName, language, organization, homePage } = person;
  const seesAll = context.viewer.userId === id || context.viewer.permissions.has('users.read');
  const { email, phone } = seesAll ? person : { email: null, phone: null };
  return { id, firstName, lastName, language, organization, homePage, email, phone };
}

function byName(user: UserType): UserType {
  return { ...user, email: null, phone: null };
}

export async function userReferences(
  context: IdentityContext,
  references: readonly Reference[],
): Promise<(UserType | undefined)[]> {
  const { accountId } = context.viewer;
  if (accountId === null) return references.map(() => undefined);
  const ids = references.map(({ id }) => String(id));
  const memberships = await accountPrisma(context.services.prisma, accountId).membership.findMany({
    where: { userId: { in: [...new Set(ids.filter(isId))] } },
    include: { user: true },
  });
  const isAsked = context.viewer.permissions.has('users.read');
  const seen = isAsked ? await seenMembers(context.db, ids) : new Set(ids);
  const users = memberships.map(({ user }) => {
    const shown = shownTo(context, user);
    return seen.has(user.id) || user.id === context.viewer.userId ? shown : byName(shown);
  });
  return inOrderOf(ids, users, (user) => user.id);
}
