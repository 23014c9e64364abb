/** Which users are asked for. */
import { isId } from '@iroko/database';
import { badInput, limitExceeded } from '@iroko/errors';
import { textKey } from '@iroko/text';
import { checkedPermissions } from '../roles/granting';
import { DHIS2_ID } from '../single-sign-on/dhis2';
import type { UserFilter } from './member-search.sql';
import type { UserFilterInput } from './membership-type';

const ENTRIES_MAX = 200;
const SEARCH_LENGTH_MAX = 200;

/** Throws BAD_USER_INPUT for what is no id and no permission, and LIMIT_EXCEEDED. */
export function userFilter(asked: UserFilterInput | null | undefined, path = ['filter']): UserFilter {
  const given = asked ?? {};
  const ids = (name: keyof UserFilterInput, list: readonly string[] | null | undefined): string[] | null => {
    const few = limited(list, [...path, name]);
    const wrong = few?.find((id) => !isId(id));
    if (wrong === undefined) return few?.map((id) => id.toLowerCase()) ?? null;
    throw badInput(`${JSON.stringify(wrong.slice(0, 100))} is no id.`, { path: [...path, name] });
  };
  const { orgUnits } = given;
  if (given.roleId != null && given.roleIds != null) {
    throw badInput('Give roleId or roleIds, not both.', { path: [...path, 'roleIds'] });
  }
  return {
    ended: given.ended ?? false,
    ids: ids('ids', given.ids),
    searchKey: searchKey(given.search, [...path, 'search']),
    // What is no id of DHIS2 is nobody's.
    dhis2Ids: limited(given.dhis2Ids, [...path, 'dhis2Ids'])?.filter((id) => DHIS2_ID.test(id)) ?? null,
    permissions: given.permissions ? checkedPermissions(given.permissions, [...path, 'permissions']) : null,
    roleIds: ids('roleId', given.roleId == null ? null : [given.roleId]) ?? ids('roleIds', given.roleIds),
    teamIds: ids('teamIds', given.teamIds),
    projectIds: ids('projectIds', given.projectIds),
    orgUnits: orgUnits
      ? {
          ids: ids('orgUnits', orgUnits.ids) ?? [],
          above: orgUnits.above ?? false,
          below: orgUnits.below ?? false,
        }
      : null,
    orgUnitTypeIds: ids('orgUnitTypeIds', given.orgUnitTypeIds),
    everyOrgUnit: given.everyOrgUnit ?? null,
  };
}

function limited(list: readonly string[] | null | undefined, path: string[]): string[] | null {
  if (list == null) return null;
  if (list.length <= ENTRIES_MAX) return [...new Set(list)];
  throw limitExceeded(`A filter lists at most ${ENTRIES_MAX}.`, path.join('.'), ENTRIES_MAX, list.length);
}

/** What is empty asks nothing. */
function searchKey(text: string | null | undefined, path: string[]): string | null {
  if (text == null) return null;
  if (text.length > SEARCH_LENGTH_MAX) {
    throw badInput(`A search has at most ${SEARCH_LENGTH_MAX} characters.`, { path });
  }
  // No text in the database holds a NUL.
  return textKey(text.replaceAll('\0', '')) || null;
}
