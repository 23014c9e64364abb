/** Forms, submissions, and the door for phones. */
import 'reflect-metadata';
import type { Database } from '@iroko/database';
import type { Files } from '@iroko/files';
import { buildSubgraph, type Cursors, type Reference, RequestContext, type Subgraph } from '@iroko/graph';
import type { BoundJob } from '@iroko/jobs';
import type { Settings } from '@iroko/settings';
import { type Permission, requirePermission } from '@iroko/viewer';
import { AppUserResolver, appUsersInOrder } from './app-users/app-user.resolver';
import {
  FormConnectionResolver,
  FormResolver,
  FormVersionResolver,
  formsInOrder,
  versionsInOrder,
} from './forms/form.resolver';
import { openRosaRoutes } from './openrosa/routes';
import { OrgUnitResolver } from './org-units/org-unit.resolver';
import { OrgUnit } from './org-units/org-unit.types';
import { QuarantineConnectionResolver, QuarantineResolver } from './quarantine/quarantine.resolver';
import type { SubmissionContext } from './services';
import {
  AttachmentResolver,
  SubmissionConnectionResolver,
  SubmissionResolver,
  submissionsInOrder,
} from './submissions/submission.resolver';

export interface SubmissionsOptions {
  database: Database;
  cursors: Cursors;
  files: Files;
  settings: Pick<Settings, 'publicUrl'>;
}

export function createSubmissions({
  database,
  cursors,
  files,
  settings,
}: SubmissionsOptions): Subgraph & { jobs: BoundJob[] } {
  const services = { files, cursors };
  const { schema, sdl } = buildSubgraph({
    resolvers: [
      FormResolver,
      FormConnectionResolver,
      FormVersionResolver,
      AppUserResolver,
      SubmissionResolver,
      SubmissionConnectionResolver,
      AttachmentResolver,
      QuarantineResolver,
      QuarantineConnectionResolver,
      OrgUnitResolver,
    ],
    references: {
      Form: byId('forms.read', formsInOrder),
      FormVersion: byId('forms.read', versionsInOrder),
      AppUser: byId('forms.edit', appUsersInOrder),
      Submission: byId('submissions.read', submissionsInOrder),
      // Whether the place exists is georegistry's to say; what was sent from one that does not is nothing.
      OrgUnit: async (_context, references) => references.map(({ id }) => OrgUnit.of(String(id))),
    },
  });
  return {
    name: 'submissions',
    schema,
    sdl,
    context: (request) => new RequestContext(request, services, database),
    routes: openRosaRoutes(services, database, settings.publicUrl),
    jobs: [],
  };
}

/** Entities that a viewer with the permission may see, by their ids, in one batch. */
function byId(
  permission: Permission,
  load: (context: SubmissionContext, ids: readonly string[]) => Promise<readonly (object | undefined)[]>,
) {
  return (context: SubmissionContext, references: readonly Reference[]) => {
    requirePermission(context.viewer, permission);
    return load(
      context,
      references.map(({ id }) => String(id)),
    );
  };
}
