/**
 * Whoever reads the log reads of each type only with the permission that the type itself takes, and no further than
 * their scope: the log is no way around either.
 */
import type { ChangeVisibility } from '@iroko/changes';
import { inReach, type Permission, unitReach, type Viewer } from '@iroko/viewer';
import type { IdentityContext } from '../context';
import { memberReach } from '../scope/members-in-scope';
import { subjectsWithin } from './members-seen.sql';

/** A type that is not here needs no more than the permission to read the log. */
const READ_PERMISSIONS: Readonly<Record<string, Permission>> = {
  ApiToken: 'users.read',
  AppUser: 'forms.edit',
  ChangeRequest: 'change_requests.read',
  Comparison: 'org_units.read',
  DataSource: 'sources.read',
  Dataset: 'datasets.read',
  Form: 'forms.read',
  FormVersion: 'forms.read',
  Group: 'org_units.read',
  GroupSet: 'org_units.read',
  Invitation: 'users.read',
  Job: 'jobs.read',
  Link: 'links.read',
  MatchRun: 'links.read',
  Membership: 'users.read',
  MergePlan: 'org_units.read',
  NoticeRule: 'users.read',
  OrgUnit: 'org_units.read',
  OrgUnitType: 'org_units.read',
  Project: 'projects.read',
  QualityReport: 'org_units.read',
  QuarantinedSubmission: 'submissions.read',
  RegistrySettings: 'sources.read',
  Role: 'users.read',
  SourceVersion: 'sources.read',
  Submission: 'submissions.read',
  Team: 'users.read',
  User: 'users.read',
};

/** Records of these stand at a unit; one that does not is in nobody's limited scope. */
const AT_UNITS = ['ChangeRequest', 'Link', 'OrgUnit', 'QuarantinedSubmission', 'Submission'];

/** What this viewer sees of the log. */
export async function visibleTo({
  viewer,
  db,
}: Pick<IdentityContext, 'viewer' | 'db'>): Promise<ChangeVisibility> {
  const [reach, members] = [await unitReach(db), await memberReach(db)];
  return {
    withoutTypes: hiddenTypes(viewer),
    projects: viewer.scope.projects,
    onlyAtUnits: AT_UNITS,
    ...(reach && { atUnits: (unitId) => inReach(db, unitId, reach) }),
    ...(members && { subjects: subjectsWithin(db, members) }),
  };
}

/** The types whose events this viewer does not see. */
function hiddenTypes(viewer: Pick<Viewer, 'permissions'>): string[] {
  return Object.entries(READ_PERMISSIONS)
    .filter(([, permission]) => !viewer.permissions.has(permission))
    .map(([type]) => type);
}
