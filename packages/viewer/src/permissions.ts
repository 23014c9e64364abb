/**
 * The published list of permissions, by module. A permission's name is stable: roles and tokens store it.
 */
export const PERMISSIONS = {
  'accounts.manage': { module: 'IDENTITY', description: 'Change the settings of the account.' },
  'users.read': { module: 'IDENTITY', description: 'See the users of the account and its roles.' },
  'users.manage': { module: 'IDENTITY', description: 'Invite, change and remove users.' },
  'roles.manage': { module: 'IDENTITY', description: 'Define roles and give them.' },
  'tokens.manage': {
    module: 'IDENTITY',
    description: 'Make and revoke service tokens, which belong to nobody.',
  },
  'teams.edit': { module: 'IDENTITY', description: 'Make, change and remove teams.' },
  'projects.read': { module: 'IDENTITY', description: 'See projects.' },
  'projects.edit': { module: 'IDENTITY', description: 'Make, change and delete projects.' },
  'tokens.own': { module: 'IDENTITY', description: 'Make and revoke API tokens for oneself.' },
  'audit.read': { module: 'PLATFORM', description: 'Read the log of changes.' },
  'webhooks.manage': {
    module: 'PLATFORM',
    description: 'Make, change and test webhooks, which tell others of every change; see their deliveries.',
  },
  'credentials.manage': {
    module: 'PLATFORM',
    description: 'Keep logins at servers of others, and check them; their secrets are never shown.',
  },
  'jobs.read': { module: 'PLATFORM', description: "See other people's jobs; one's own are always visible." },
  'jobs.manage': { module: 'PLATFORM', description: "Cancel and retry other people's jobs." },
  'files.upload': { module: 'PLATFORM', description: 'Upload files.' },
  'sources.read': { module: 'GEOREGISTRY', description: 'See data sources and their versions.' },
  'sources.edit': {
    module: 'GEOREGISTRY',
    description: 'Make and change data sources, open and discard drafts.',
  },
  'sources.release': {
    module: 'GEOREGISTRY',
    description: 'Release a draft and choose the current version.',
  },
  'org_units.read': {
    module: 'GEOREGISTRY',
    description: 'See org units, their types and groups, and differences.',
  },
  'org_units.edit': {
    module: 'GEOREGISTRY',
    description: 'Create, edit, move, reject and remove org units.',
  },
  'org_units.import': { module: 'GEOREGISTRY', description: 'Import org units from a file.' },
  'org_units.export': { module: 'GEOREGISTRY', description: 'Export org units to a file.' },
  'change_requests.read': { module: 'GEOREGISTRY', description: 'See what is proposed for org units.' },
  'change_requests.propose': {
    module: 'GEOREGISTRY',
    description: 'Propose new org units, changes, moves and removals; who only proposes edits nothing.',
  },
  'change_requests.review': {
    module: 'GEOREGISTRY',
    description: 'Approve and reject what is proposed, which edits org units.',
  },
  'types.edit': { module: 'GEOREGISTRY', description: 'Define types of org units.' },
  'groups.edit': { module: 'GEOREGISTRY', description: 'Define groups of org units.' },
  'links.read': { module: 'GEOREGISTRY', description: 'See links between sources and match runs.' },
  'links.match': { module: 'GEOREGISTRY', description: 'Run the matcher, upload links, and evaluate runs.' },
  'links.review': { module: 'GEOREGISTRY', description: 'Make links by hand, accept and reject them.' },
  'forms.read': { module: 'SUBMISSIONS', description: 'See forms.' },
  'forms.edit': { module: 'SUBMISSIONS', description: 'Make forms, their versions and the keys of phones.' },
  'submissions.read': { module: 'SUBMISSIONS', description: 'See submissions.' },
  'submissions.create': { module: 'SUBMISSIONS', description: 'Send submissions.' },
  'submissions.edit': { module: 'SUBMISSIONS', description: 'Correct and remove submissions.' },
  'datasets.read': { module: 'DATASETS', description: 'See datasets and their rows.' },
  'datasets.edit': { module: 'DATASETS', description: 'Make and fill datasets.' },
} as const satisfies Record<string, { module: string; description: string }>;

export type Permission = keyof typeof PERMISSIONS;

export const ALL_PERMISSIONS = Object.keys(PERMISSIONS) as Permission[];

export function isPermission(name: string): name is Permission {
  return Object.hasOwn(PERMISSIONS, name);
}
