import { isId } from '@iroko/database';
import { badInput, limitExceeded } from '@iroko/errors';
import { enqueue, jobsById } from '@iroko/jobs';
import { requirePermission } from '@iroko/viewer';
import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import type { IdentityContext } from '../../context';
import { JobType } from '../../jobs/job-type';
import { checkedPermissions } from '../../roles/granting';
import { userFilter } from '../user-filter';
import { ENTRIES_MAX, type MembershipChange, PEOPLE_MAX, type UserSelection } from './bulk-change';
import { updateMemberships } from './bulk-job';
import { MembershipChangeInput, UserSelectionInput } from './bulk-type';

@Resolver()
export class BulkMembershipResolver {
  @Authorized('users.manage')
  @Mutation(() => JobType, {
    description:
      'Changes many memberships, by the rules of updateMembership and giveRole for each: nobody changes themselves, gives what they do not hold, or changes whoever reaches further. The result of the job counts, and has an outcome for each person with the reason for a refusal; who is refused stays as they are, the others are changed at once. A role that holds every permission is not given or taken this way. The job fails with NOT_FOUND for a role, team, project or unit that is not there.',
  })
  async updateMemberships(
    @Arg('selection', () => UserSelectionInput, { description: 'Whom.' }) selection: UserSelectionInput,
    @Arg('change', () => MembershipChangeInput, { description: 'What changes.' })
    change: MembershipChangeInput,
    @Arg('dryRun', () => Boolean, { defaultValue: false, description: 'Only say what would happen.' })
    dryRun: boolean,
    @Ctx() { db, viewer }: IdentityContext,
  ): Promise<JobType> {
    const input = { selection: checkedSelection(selection), change: checkedChange(change), dryRun };
    const { addRoleIds, removeRoleIds, addTeamIds, removeTeamIds } = input.change;
    if (addRoleIds.length + removeRoleIds.length > 0) requirePermission(viewer, 'roles.manage');
    if (addTeamIds.length + removeTeamIds.length > 0) requirePermission(viewer, 'teams.edit');
    return db.transaction(async (tx) => {
      const [job] = await jobsById(tx, [await enqueue(tx, updateMemberships, input)]);
      return job as unknown as JobType;
    });
  }
}

function checkedSelection({ ids, excludedIds, filter }: UserSelectionInput): UserSelection {
  const path = ['selection'];
  if (ids && (excludedIds || filter)) {
    throw badInput('Give ids alone, or a filter and excludedIds.', { path });
  }
  if (userFilter(filter, [...path, 'filter']).ended)
    throw badInput('Whoever is no member cannot be changed.', { path: [...path, 'filter', 'ended'] });
  return {
    ids: ids ? checkedIds(ids, [...path, 'ids'], PEOPLE_MAX) : null,
    excludedIds: checkedIds(excludedIds, [...path, 'excludedIds'], PEOPLE_MAX),
    filter: filter ?? null,
  };
}

const PAIRS = [
  ['addPermissions', 'removePermissions'],
  ['addRoleIds', 'removeRoleIds'],
  ['addTeamIds', 'removeTeamIds'],
  ['addProjectIds', 'removeProjectIds'],
  ['addOrgUnitIds', 'removeOrgUnitIds'],
] as const;

/** Throws BAD_USER_INPUT, also for a change of nothing and for what is added and taken away. */
function checkedChange(asked: MembershipChangeInput): MembershipChange {
  const idsOf = (name: keyof MembershipChange) => checkedIds(asked[name], ['change', name], ENTRIES_MAX);
  const permissionsOf = (name: 'addPermissions' | 'removePermissions') =>
    checkedPermissions(asked[name] ?? [], ['change', name]);
  const change: MembershipChange = {
    addPermissions: permissionsOf('addPermissions'),
    removePermissions: permissionsOf('removePermissions'),
    addRoleIds: idsOf('addRoleIds'),
    removeRoleIds: idsOf('removeRoleIds'),
    addTeamIds: idsOf('addTeamIds'),
    removeTeamIds: idsOf('removeTeamIds'),
    addProjectIds: idsOf('addProjectIds'),
    removeProjectIds: idsOf('removeProjectIds'),
    addOrgUnitIds: idsOf('addOrgUnitIds'),
    removeOrgUnitIds: idsOf('removeOrgUnitIds'),
  };
  if (Object.values(change).every((list) => list.length === 0)) {
    throw badInput('The change changes nothing.', { path: ['change'] });
  }
  for (const [add, remove] of PAIRS) {
    const both = change[add].find((entry) => change[remove].includes(entry));
    if (both === undefined) continue;
    throw badInput(`${both} is both added and taken away.`, { path: ['change', remove] });
  }
  return change;
}

function checkedIds(given: readonly string[] | null | undefined, path: string[], max: number): string[] {
  const ids = [...new Set((given ?? []).map((id) => id.toLowerCase()))];
  if (ids.length > max) {
    throw limitExceeded(`At most ${max} ids are taken here.`, path.join('.'), max, ids.length);
  }
  const wrong = ids.find((id) => !isId(id));
  if (wrong !== undefined) throw badInput(`${JSON.stringify(wrong.slice(0, 100))} is no id.`, { path });
  return ids;
}
