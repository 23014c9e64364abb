import { type CursorScope, DateScalar, PageArgs, pageOf, pageRequest } from '@iroko/graph';
import { requirePermission } from '@iroko/viewer';
import {
  Arg,
  Args,
  Authorized,
  Ctx,
  FieldResolver,
  ID,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { GeoContext } from '../context';
import { type CountedConnection, counted } from '../counted-connection';
import { givenFields } from '../given-fields';
import { loaders } from '../loaders';
import { type AfterName, pageByName, RecordsArgs } from '../records-by-name';
import { currentVersionOf } from '../versions/find-version';
import { seesDrafts } from '../versions/version';
import { countVersions, newestReleasedBy, versionsOfSource } from '../versions/version.sql';
import { type VersionAnswer, versionAnswer } from '../versions/version-answer';
import { SourceVersionConnection, SourceVersionType } from '../versions/version-type';
import { deleteSource, restoreSource } from './delete-source';
import { createSource, revertSourceChange, setCurrentVersion, updateSource } from './edit-source';
import type { SourceRow } from './source';
import { countSources, sourcesByName } from './source.sql';
import {
  CreateDataSourceInput,
  DataSourceConnection,
  DataSourceType,
  UpdateDataSourceInput,
} from './source-type';

@Resolver(() => DataSourceType)
export class DataSourceResolver {
  @Authorized('sources.read')
  @Query(() => DataSourceConnection, {
    description:
      'The data sources of the account, by name. FORBIDDEN: deleted ones, to who may not edit sources.',
  })
  async dataSources(
    @Args() args: RecordsArgs,
    @Ctx() context: GeoContext,
  ): Promise<CountedConnection<SourceRow>> {
    const { db, viewer } = context;
    if (args.deleted) requirePermission(viewer, 'sources.edit');
    return pageByName<SourceRow & AfterName>(context, args, {
      name: 'dataSources',
      read: (after, limit) => sourcesByName(db, args.deleted, after, limit),
      count: () => countSources(db, args.deleted),
    });
  }

  @Authorized('sources.read')
  @Query(() => DataSourceType, {
    nullable: true,
    description: 'One source; null when there is none of that id.',
  })
  async dataSource(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() context: GeoContext,
  ): Promise<SourceRow | null> {
    return (await loaders.source(context).load(id)) ?? null;
  }

  @FieldResolver(() => SourceVersionType, {
    nullable: true,
    description:
      'The version that is read when none is named: the chosen one, else the newest released one; before the first release the draft, for those who may edit.',
  })
  async currentVersion(@Root() source: SourceRow, @Ctx() context: GeoContext): Promise<VersionAnswer | null> {
    const version = await currentVersionOf(context, source);
    return version ? versionAnswer(version) : null;
  }

  @FieldResolver(() => SourceVersionType, {
    nullable: true,
    description: 'The open draft; null when there is none, and for those who may not edit.',
  })
  async draft(@Root() source: SourceRow, @Ctx() context: GeoContext): Promise<VersionAnswer | null> {
    const number = source.draftVersionNumber;
    if (number === null || !seesDrafts(context.viewer)) return null;
    const version = await loaders.versionByNumber(context).load({ dataSourceId: source.id, number });
    return version ? versionAnswer(version) : null;
  }

  @FieldResolver(() => SourceVersionType, {
    nullable: true,
    description: 'The newest version that was released by the end of a day; null when none was.',
  })
  async versionAsOf(
    @Root() source: SourceRow,
    @Arg('asOf', () => DateScalar, {
      description: "The day, in the time zone of the source, else the account's.",
    })
    asOf: string,
    @Ctx() context: GeoContext,
  ): Promise<VersionAnswer | null> {
    const version = await newestReleasedBy(context.db, source.id, asOf);
    return version ? versionAnswer(version) : null;
  }

  @FieldResolver(() => SourceVersionConnection, { description: 'Its versions, newest first.' })
  async versions(
    @Root() source: SourceRow,
    @Args() args: PageArgs,
    @Arg('named', () => Boolean, {
      defaultValue: false,
      description: 'Those alone that bear a name, such as `official 2026`.',
    })
    named: boolean,
    @Ctx() context: GeoContext,
  ): Promise<CountedConnection<VersionAnswer>> {
    const { cursors } = context.services;
    const filter = { dataSource: source.id, named };
    const scope: CursorScope = { list: 'versions', account: context.db.account, filter };
    const page = pageRequest(args, cursors, scope);
    const withDraft = seesDrafts(context.viewer);
    const before = page.after && Number(page.after[0]);
    const rows = await versionsOfSource(context.db, source.id, withDraft, named, before, page.limit);
    const connection = pageOf(rows.map(versionAnswer), page, cursors, scope, (row) => [row.number]);
    return counted(connection, () => countVersions(context.db, source.id, withDraft, named));
  }

  @Authorized('sources.edit')
  @Mutation(() => DataSourceType, {
    description: 'Makes a source with its first draft. CONFLICT when the name is taken.',
  })
  createDataSource(
    @Arg('input', () => CreateDataSourceInput, { description: 'The new source.' })
    input: CreateDataSourceInput,
    @Ctx() context: GeoContext,
  ): Promise<SourceRow> {
    return createSource(context.db, { ...givenFields(input, ['timeZone']), name: input.name });
  }

  @Authorized('sources.edit')
  @Mutation(() => DataSourceType, {
    description:
      'Changes a source; what is left out stays as it is. NOT_FOUND; CONFLICT when it changed meanwhile or the name is taken.',
  })
  updateDataSource(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Arg('expectedRevision', () => Int, { description: 'The revision that the change begins from.' })
    expectedRevision: number,
    @Arg('input', () => UpdateDataSourceInput, { description: 'What to change.' })
    input: UpdateDataSourceInput,
    @Ctx() context: GeoContext,
  ): Promise<SourceRow> {
    return updateSource(context.db, id, expectedRevision, givenFields(input, ['timeZone']));
  }

  @Authorized('sources.edit')
  @Mutation(() => DataSourceType, {
    description:
      'Takes an edit of the settings of a source back, as a new change that names it: the fields that the event changed become what they were before it. NOT_FOUND for an event of something else; BAD_USER_INPUT for one that is no edit, such as a creation; CONFLICT with the fields that were changed again since; otherwise errors as updateDataSource.',
  })
  revertDataSourceChange(
    @Arg('event', () => ID, { description: 'The id of the ChangeEvent.' }) event: string,
    @Arg('reason', () => String, { nullable: true, description: 'Why, kept in the log.' }) reason:
      | string
      | null,
    @Ctx() context: GeoContext,
  ): Promise<SourceRow> {
    return revertSourceChange(context.db, event, reason);
  }

  @Authorized('sources.release')
  @Mutation(() => DataSourceType, {
    description:
      'Chooses the version of a source that is read when none is named. NOT_FOUND; BAD_USER_INPUT for a draft.',
  })
  setCurrentVersion(
    @Arg('dataSource', () => ID, { description: 'The id of the source.' }) dataSource: string,
    @Arg('version', () => ID, {
      nullable: true,
      description: 'The id of a released version of that source; null for always the newest.',
    })
    version: string | null,
    @Ctx() context: GeoContext,
  ): Promise<SourceRow> {
    return setCurrentVersion(context.db, dataSource, version ?? null);
  }

  @Authorized('sources.edit')
  @Mutation(() => DataSourceType, {
    description:
      'Deletes a source with everything in it: its units are found nowhere until it is restored, which is possible for 30 days. NOT_FOUND; CONFLICT when it changed meanwhile, and while a job holds its draft.',
  })
  deleteDataSource(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Arg('expectedRevision', () => Int, { description: 'The revision that is meant.' })
    expectedRevision: number,
    @Ctx() context: GeoContext,
  ): Promise<SourceRow> {
    return deleteSource(context.db, id, expectedRevision);
  }

  @Authorized('sources.edit')
  @Mutation(() => DataSourceType, {
    description:
      'Brings a deleted source back as it was. NOT_FOUND when none of that id is deleted; CONFLICT after 30 days, and when its name is taken by now.',
  })
  restoreDataSource(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() context: GeoContext,
  ): Promise<SourceRow> {
    return restoreSource(context.db, id);
  }
}
