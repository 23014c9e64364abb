import { JobReference } from '@iroko/jobs';
import { Arg, Authorized, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { GeoContext } from '../context';
import { loaders } from '../loaders';
import type { SourceRow } from '../sources/source';
import { DataSourceType } from '../sources/source-type';
import { discardVersion } from './discard-version';
import { nameVersion, openVersion, releaseVersion } from './edit-version';
import { findSource } from './find-version';
import { seesDrafts, type VersionRow } from './version';
import { type VersionAnswer, versionAnswer } from './version-answer';
import { DiscardedDraft, SourceVersionType } from './version-type';

const sourceArg = { description: 'The id of the source.' };

@Resolver(() => SourceVersionType)
export class SourceVersionResolver {
  @Authorized('sources.read')
  @Query(() => SourceVersionType, {
    nullable: true,
    description: 'One version; null when there is none of that id that the viewer may see.',
  })
  async sourceVersion(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() context: GeoContext,
  ): Promise<VersionAnswer | null> {
    const version = await loaders.version(context).load(id);
    const isHidden = version?.status === 'DRAFT' && !seesDrafts(context.viewer);
    return version && !isHidden ? versionAnswer(version) : null;
  }

  @FieldResolver(() => DataSourceType, { description: 'The source that it is a version of.' })
  dataSource(@Root() version: VersionRow, @Ctx() context: GeoContext): Promise<SourceRow> {
    return findSource(context, version.dataSourceId);
  }

  @Authorized('sources.edit')
  @Mutation(() => SourceVersionType, {
    description:
      'Opens the next draft, or answers the open one. Edits do so by themselves. NOT_FOUND for the source; CONFLICT for a read-only source and while a job holds the draft.',
  })
  async openDraft(
    @Arg('dataSource', () => ID, sourceArg) dataSource: string,
    @Ctx() context: GeoContext,
  ): Promise<VersionAnswer> {
    return versionAnswer(await openVersion(context.db, dataSource));
  }

  @Authorized('sources.release')
  @Mutation(() => SourceVersionType, {
    description:
      'Releases the draft: it never changes again and becomes the current version, unless another was chosen. NOT_FOUND for the source; CONFLICT when there is no draft, a job holds it, another version of the source bears the name, or the draft has not reached the score that the account asks of releases.',
  })
  async releaseVersion(
    @Arg('dataSource', () => ID, sourceArg) dataSource: string,
    @Arg('name', { nullable: true, description: 'A name for the version, at most 255 characters.' })
    name: string,
    @Arg('description', { nullable: true, description: 'What it is about.' }) description: string,
    @Arg('reason', { nullable: true, description: 'Why, kept in the log.' }) reason: string,
    @Ctx() context: GeoContext,
  ): Promise<VersionAnswer> {
    const words = {
      name: name ?? undefined,
      description: description ?? undefined,
      reason: reason ?? undefined,
    };
    return versionAnswer(await releaseVersion(context.db, dataSource, words));
  }

  @Authorized('sources.release')
  @Mutation(() => SourceVersionType, {
    description:
      'Names and describes a version, also a released one; what it holds never changes. NOT_FOUND; CONFLICT when another version of the source bears the name.',
  })
  async nameSourceVersion(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Arg('name', () => String, {
      nullable: true,
      description: 'Such as `official 2026`, at most 255 characters; empty for none.',
    })
    name: string | null,
    @Arg('description', () => String, { nullable: true, description: 'What it is about.' })
    description: string | null,
    @Ctx() context: GeoContext,
  ): Promise<VersionAnswer> {
    const words = { name: name ?? undefined, description: description ?? undefined };
    return versionAnswer(await nameVersion(context.db, id, words));
  }

  @Authorized('sources.edit')
  @Mutation(() => DiscardedDraft, {
    description:
      'Takes back everything that the draft changed, and the draft; by a job when that is more than 1,000 units. NOT_FOUND for the source; CONFLICT when there is no draft or a job holds it.',
  })
  async discardDraft(
    @Arg('dataSource', () => ID, sourceArg) dataSource: string,
    @Arg('reason', { nullable: true, description: 'Why, kept in the log.' }) reason: string,
    @Ctx() context: GeoContext,
  ): Promise<DiscardedDraft> {
    const { jobId, ...counts } = await discardVersion(context.db, dataSource, reason ?? undefined);
    return { ...counts, job: jobId === null ? null : JobReference.of(jobId) };
  }
}
