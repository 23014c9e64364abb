/** Links many at once, as jobs: deciding on all of a filter, and writing them to a file. */
import 'reflect-metadata';
import { newId } from '@iroko/database';
import { enqueue, JobReference } from '@iroko/jobs';
import { Arg, Authorized, Ctx, Field, InputType, Mutation, Resolver } from 'type-graphql';
import type { GeoContext } from '../context';
import { type TableFormat, TableFormatEnum } from '../exports/table-format';
import { exportLinksJob } from './export-links-job';
import type { LinkStatus } from './link';
import { checkLinkFilter, LinkFilter, LinkStatusEnum, linkFilter } from './link-list';
import { checkedReason } from './review-links';
import { reviewManyJob } from './review-many-job';

@InputType({ description: 'Which links are decided on, and how.' })
export class ReviewLinksByFilterInput {
  @Field(() => LinkFilter, { description: 'Which; of these all that are there when the job is asked for.' })
  filter!: LinkFilter;

  @Field(() => LinkStatusEnum, { description: 'The decision; PROPOSED takes an earlier one back.' })
  status!: LinkStatus;

  @Field(() => String, { nullable: true, description: 'Why, at most 1,000 characters.' })
  reason?: string | null;
}

@InputType({ description: 'Which links to write to a file, and how.' })
export class ExportLinksInput {
  @Field(() => LinkFilter, { nullable: true, description: 'Which; all of them without it.' })
  filter?: LinkFilter | null;

  @Field(() => TableFormatEnum, { description: 'The format of the file.' })
  format!: TableFormat;
}

@Resolver()
export class ManyLinksResolver {
  @Authorized('links.review')
  @Mutation(() => JobReference, {
    description:
      'Decides on all links of a filter, as a job, the surest first, each as reviewLinks would: one that changed meanwhile, or whose unit has another accepted link to that source, is skipped with CONFLICT and stays as it is. The result is `{selected, decided, skipped: [{code, count, examples: [{id, message}]}]}`. BAD_USER_INPUT for a filter that cannot be meant.',
  })
  async reviewLinksByFilter(
    @Arg('input', () => ReviewLinksByFilterInput, { description: 'Which, and how.' })
    { filter, status, reason }: ReviewLinksByFilterInput,
    @Ctx() { db }: GeoContext,
  ): Promise<JobReference> {
    checkLinkFilter(filter, ['input', 'filter']);
    const input = { filter: linkFilter.parse(filter), status, reason: checkedReason(reason), until: newId() };
    return JobReference.of(await db.transaction((tx) => enqueue(tx, reviewManyJob, input)));
  }

  @Authorized('links.read')
  @Mutation(() => JobReference, {
    description:
      'Writes links to a file, as a job, the surest first, with both units as the current versions of their sources have them. The result is `{fileId, name, links}`: download it by `file(id) { downloadUrl }` within a week. BAD_USER_INPUT for a filter that cannot be meant.',
  })
  async exportLinks(
    @Arg('input', () => ExportLinksInput, { description: 'Which, and how.' })
    { filter, format }: ExportLinksInput,
    @Ctx() { db }: GeoContext,
  ): Promise<JobReference> {
    checkLinkFilter(filter ?? {}, ['input', 'filter']);
    const input = { filter: linkFilter.parse(filter ?? {}), format };
    return JobReference.of(await db.transaction((tx) => enqueue(tx, exportLinksJob, input)));
  }
}
