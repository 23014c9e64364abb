/**
 * The persons that records point at, one statement for all records of a request.
 */
import type { IdentityContext } from '../context';
import type { UserType } from './user-type';
import { userReferences } from './users';

/** The person as this viewer may see them; null for nobody and for who was never a member. */
export async function userOf(context: IdentityContext, userId: string | null): Promise<UserType | null> {
  if (userId === null) return null;
  const users = context.loader<string, UserType | null>('users', async (ids) => {
    const found = await userReferences(
      context,
      ids.map((id) => ({ __typename: 'User', id })),
    );
    return found.map((user) => user ?? null);
  });
  return users.load(userId);
}
