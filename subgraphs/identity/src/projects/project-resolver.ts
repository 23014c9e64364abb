import { isId } from '@iroko/database';
import {
  type Connection,
  type CursorScope,
  inOrderOf,
  PageArgs,
  pageOf,
  pageRequest,
  type Reference,
} from '@iroko/graph';
import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import type { IdentityContext } from '../context';
import { configurationSchema, FEATURE_FLAG_CODES, FEATURE_FLAGS } from './feature-flags';
import {
  CreateProjectInput,
  FeatureFlagType,
  ProjectConnection,
  ProjectType,
  UpdateProjectInput,
} from './project-type';
import { createProject, deleteProject, restoreProject, revertProjectChange, updateProject } from './projects';
import { countProjects, type ProjectRow, projectsById, projectsByName } from './projects.sql';

const PROJECT_ID = { description: 'The id of the project.' };

@Resolver(() => ProjectConnection)
export class ProjectResolver {
  @Query(() => [FeatureFlagType], {
    description: 'Every feature flag there is. Open to everybody: it is the same list everywhere.',
  })
  featureFlags(): FeatureFlagType[] {
    return FEATURE_FLAG_CODES.map((code) => {
      const { configuration: _, ...flag } = FEATURE_FLAGS[code];
      return { code, ...flag, configurationSchema: configurationSchema(code) };
    });
  }

  @Authorized('projects.read')
  @Query(() => ProjectConnection, { description: 'The projects that the viewer reaches, by name.' })
  async projects(@Args() args: PageArgs, @Ctx() context: IdentityContext): Promise<Connection<ProjectRow>> {
    const { cursors } = context.services;
    const scope: CursorScope = { list: 'projects', account: context.db.account };
    const page = pageRequest(args, cursors, scope);
    const after = page.after && { nameKey: String(page.after[0]), id: String(page.after[1]) };
    const rows = await projectsByName(context.db, after, page.limit);
    return pageOf(rows, page, cursors, scope, ({ nameKey, id }) => [nameKey, id]);
  }

  @FieldResolver(() => Int, { description: 'How many there are on all pages.' })
  async totalCount(@Ctx() context: IdentityContext): Promise<number> {
    return (await countProjects(context.db)).count;
  }

  @Authorized('projects.read')
  @Query(() => ProjectType, {
    nullable: true,
    description: 'One project; null when there is none of that id that the viewer reaches.',
  })
  async project(
    @Arg('id', () => ID, PROJECT_ID) id: string,
    @Ctx() context: IdentityContext,
  ): Promise<ProjectRow | null> {
    return (isId(id) && (await projectsById(context.db, [id]))[0]) || null;
  }

  @Authorized('projects.edit')
  @Mutation(() => ProjectType, {
    description:
      'Makes a project. BAD_USER_INPUT, also for a feature flag whose configuration does not fit; CONFLICT for a name or appId that is taken; FORBIDDEN for somebody whose scope is a list of projects.',
  })
  createProject(
    @Arg('input', () => CreateProjectInput, { description: 'The new project.' }) input: CreateProjectInput,
    @Ctx() context: IdentityContext,
  ): Promise<ProjectRow> {
    return createProject(context.db, input);
  }

  @Authorized('projects.edit')
  @Mutation(() => ProjectType, {
    description: 'Changes a project. NOT_FOUND; CONFLICT for another revision; else as createProject.',
  })
  updateProject(
    @Arg('input', () => UpdateProjectInput, { description: 'What to change.' }) input: UpdateProjectInput,
    @Ctx() context: IdentityContext,
  ): Promise<ProjectRow> {
    return updateProject(context.db, input);
  }

  @Authorized('projects.edit')
  @Mutation(() => ProjectType, {
    description:
      'Takes an edit of a project back, as a new change that names it: the fields that the event changed become what they were before it. NOT_FOUND for an event of something else; BAD_USER_INPUT for one that is no edit, such as a creation; CONFLICT with the fields that were changed again since; otherwise errors as updateProject.',
  })
  revertProjectChange(
    @Arg('event', () => ID, { description: 'The id of the ChangeEvent.' }) event: string,
    @Arg('reason', () => String, { nullable: true, description: 'Why, kept in the log.' }) reason:
      | string
      | null,
    @Ctx() context: IdentityContext,
  ): Promise<ProjectRow> {
    return revertProjectChange(context.db, event, reason);
  }

  @Authorized('projects.edit')
  @Mutation(() => ProjectType, {
    description:
      'Deletes a project; it can be restored for 30 days. Whoever is limited to it reaches nothing by it any more. NOT_FOUND; CONFLICT for another revision.',
  })
  deleteProject(
    @Arg('id', () => ID, PROJECT_ID) id: string,
    @Arg('expectedRevision', () => Int, {
      description: 'The revision that was read; another one is answered CONFLICT.',
    })
    expectedRevision: number,
    @Ctx() context: IdentityContext,
  ): Promise<ProjectRow> {
    return deleteProject(context.db, id, expectedRevision);
  }

  @Authorized('projects.edit')
  @Mutation(() => ProjectType, {
    description:
      'Brings back a project that was deleted less than 30 days ago; one that is there is answered as it is. NOT_FOUND; CONFLICT when its name or appId was taken meanwhile.',
  })
  restoreProject(
    @Arg('id', () => ID, PROJECT_ID) id: string,
    @Ctx() context: IdentityContext,
  ): Promise<ProjectRow> {
    return restoreProject(context.db, id);
  }
}

/** Nothing for those who may not see projects, as for a project that never was. */
export async function projectReferences(
  context: IdentityContext,
  references: readonly Reference[],
): Promise<(ProjectRow | undefined)[]> {
  if (!context.viewer.permissions.has('projects.read')) return references.map(() => undefined);
  const ids = references.map(({ id }) => String(id));
  return inOrderOf(ids, await projectsById(context.db, ids.filter(isId)), ({ id }) => id);
}
