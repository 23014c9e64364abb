/**
 * Whoever reads the log reads of each type only with the permission that the type itself takes: the log is no way
 * around it.
 */
import type { Permission, Viewer } from '@iroko/viewer';

/** A type that is not here needs no more than the permission to read the log. */
const READ_PERMISSIONS: Readonly<Record<string, Permission>> = {
  ApiToken: 'users.read',
  AppUser: 'forms.edit',
  DataSource: 'sources.read',
  Dataset: 'datasets.read',
  Form: 'forms.read',
  FormVersion: 'forms.read',
  Group: 'org_units.read',
  Job: 'jobs.read',
  Membership: 'users.read',
  OrgUnit: 'org_units.read',
  OrgUnitType: 'org_units.read',
  QuarantinedSubmission: 'submissions.read',
  Role: 'users.read',
  SourceVersion: 'sources.read',
  Submission: 'submissions.read',
  User: 'users.read',
};

/** The types whose events this viewer does not see. */
export function hiddenTypes(viewer: Pick<Viewer, 'permissions'>): string[] {
  return Object.entries(READ_PERMISSIONS)
    .filter(([, permission]) => !viewer.permissions.has(permission))
    .map(([type]) => type);
}
