import { isId } from '@iroko/database';
import { PageArgs } from '@iroko/graph';
import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { GeoContext } from '../context';
import type { CountedConnection } from '../counted-connection';
import type { UnitAnswer } from '../org-units/place-answer';
import { OrgUnitType } from '../org-units/place-type';
import { findLinks } from './find-links';
import type { LinkStatus } from './link';
import { linksById } from './link.sql';
import { LinkAnswer } from './link-answer';
import { LinkFilter, LinkSort, LinkStatusEnum } from './link-list';
import { CreateLinkInput, LinkConnection, LinkReviewOutcome, LinkType, ReviewedLinkInput } from './link-type';
import { createLink, reviewLinks } from './review-links';

@Resolver()
export class LinkResolver {
  @Authorized('links.read')
  @Query(() => LinkConnection, { description: 'Links between units of different sources.' })
  links(
    @Arg('filter', () => LinkFilter, { nullable: true, description: 'Which links; all of them without it.' })
    filter: LinkFilter | null,
    @Arg('sort', () => LinkSort, { defaultValue: LinkSort.SCORE_DESC, description: 'In which order.' })
    sort: LinkSort,
    @Args() page: PageArgs,
    @Ctx() context: GeoContext,
  ): Promise<CountedConnection<LinkAnswer>> {
    return findLinks(context, filter ?? {}, sort, page);
  }

  @Authorized('links.read')
  @Query(() => LinkType, { nullable: true, description: 'One link; null when there is none of that id.' })
  async link(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() { db }: GeoContext,
  ): Promise<LinkAnswer | null> {
    const [row] = isId(id) ? await linksById(db, [id]) : [];
    return row ? new LinkAnswer(row) : null;
  }

  @Authorized('links.review')
  @Mutation(() => LinkType, {
    description:
      'Links two units by hand. NOT_FOUND for a unit; BAD_USER_INPUT for units of one source; CONFLICT when the two are linked already, and when one has another accepted link to the source of the other.',
  })
  async createLink(
    @Arg('input', () => CreateLinkInput, { description: 'The two units.' }) input: CreateLinkInput,
    @Ctx() { db }: GeoContext,
  ): Promise<LinkAnswer> {
    const { status, reason, ...units } = input;
    return new LinkAnswer(await createLink(db, units, { status: status ?? 'ACCEPTED', reason }));
  }

  @Authorized('links.review')
  @Mutation(() => [LinkReviewOutcome], {
    description:
      'Accepts or rejects links, or proposes them again; at most 1,000, with an outcome for each in their order: NOT_FOUND, and CONFLICT for one that changed meanwhile or whose unit has another accepted link to that source. Later match runs keep the decision.',
  })
  async reviewLinks(
    @Arg('links', () => [ReviewedLinkInput], { description: 'Which links, as they were looked at.' })
    links: ReviewedLinkInput[],
    @Arg('status', () => LinkStatusEnum, { description: 'The decision; PROPOSED takes an earlier one back.' })
    status: LinkStatus,
    @Arg('reason', () => String, { nullable: true, description: 'Why, at most 1,000 characters.' })
    reason: string | null,
    @Ctx() { db }: GeoContext,
  ): Promise<unknown[]> {
    const reviews = await reviewLinks(db, links, { status, reason });
    return reviews.map(({ link, ...review }) => ({ ...review, link: link && new LinkAnswer(link) }));
  }
}

@Resolver(() => OrgUnitType)
export class OrgUnitLinksResolver {
  @Authorized('links.read')
  @FieldResolver(() => LinkConnection, {
    nullable: true,
    description: 'Its links to units of other sources, the surest first.',
  })
  links(
    @Root() unit: UnitAnswer,
    @Arg('statuses', () => [LinkStatusEnum], {
      nullable: true,
      description: 'Links of one of these statuses; all of them without it.',
    })
    statuses: LinkStatus[] | null,
    @Args() page: PageArgs,
    @Ctx() context: GeoContext,
  ): Promise<CountedConnection<LinkAnswer>> {
    return findLinks(context, { unitId: unit.id, statuses }, LinkSort.SCORE_DESC, page);
  }
}
