/** Which users are asked for. */
import { isId } from '@iroko/database';
import { badInput } from '@iroko/errors';
import type { UserFilterInput } from './membership-type';
import type { UserFilter } from './memberships.sql';

/** Throws BAD_USER_INPUT for what is no id. */
export function userFilter(asked: UserFilterInput | null | undefined): UserFilter {
  const roleId = asked?.roleId ?? null;
  if (roleId !== null && !isId(roleId)) {
    throw badInput('roleId is no id.', { path: ['filter', 'roleId'] });
  }
  return { roleId, ended: asked?.ended ?? false };
}
