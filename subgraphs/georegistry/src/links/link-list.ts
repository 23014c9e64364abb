/** A list of links as a person asks for it: which ones, in which order. */
import { badInput } from '@iroko/errors';
import { Field, Float, ID, InputType, registerEnumType } from 'type-graphql';
import { z } from 'zod';
import { LINK_ORIGINS, LINK_STATUSES, type LinkOrigin, type LinkStatus } from './link';

export const LinkStatusEnum = Object.fromEntries(LINK_STATUSES.map((name) => [name, name])) as Record<
  LinkStatus,
  LinkStatus
>;
registerEnumType(LinkStatusEnum, {
  name: 'LinkStatus',
  description: 'Whether two units count as the same place.',
  valuesConfig: {
    PROPOSED: { description: 'Somebody shall look at it.' },
    ACCEPTED: {
      description:
        'They are the same place. Between two sources a unit has at most one accepted link; the database holds it.',
    },
    REJECTED: { description: 'They are not; no later run proposes the pair again.' },
    ENDED: {
      description:
        'They were, until an operation ended one of them; its successors are linked in its place. No decision of a person.',
    },
  },
});

export const LinkOriginEnum = Object.fromEntries(LINK_ORIGINS.map((name) => [name, name])) as Record<
  LinkOrigin,
  LinkOrigin
>;
registerEnumType(LinkOriginEnum, {
  name: 'LinkOrigin',
  description: 'How a link came here first.',
  valuesConfig: {
    SIMILARITY: { description: 'A match run found the units alike.' },
    REFERENCE: { description: 'A match run found the same reference on both sides.' },
    CODE: { description: 'A match run found the same code on both sides.' },
    UPLOAD: { description: 'It stood in an uploaded file.' },
    MANUAL: { description: 'Somebody made it.' },
    LINEAGE: { description: 'A unit took the place of one that was linked so.' },
  },
});

export enum LinkSort {
  SCORE_DESC = 'SCORE_DESC',
  SCORE = 'SCORE',
  NEWEST = 'NEWEST',
}
registerEnumType(LinkSort, {
  name: 'LinkSort',
  description: 'The order of a list of links.',
  valuesConfig: {
    SCORE_DESC: { description: 'The surest first.' },
    SCORE: { description: 'The most doubtful first.' },
    NEWEST: { description: 'The newest first.' },
  },
});

@InputType({ description: 'Which links a list keeps. All that is given must hold.' })
export class LinkFilter {
  @Field(() => [LinkStatusEnum], { nullable: true, description: 'Links of one of these statuses.' })
  statuses?: LinkStatus[] | null;

  @Field(() => [LinkOriginEnum], {
    nullable: true,
    description: 'Links that came here in one of these ways.',
  })
  origins?: LinkOrigin[] | null;

  @Field(() => ID, { nullable: true, description: 'Links that this run found or brought last.' })
  matchRunId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Links of this unit.' })
  unitId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Links with an end in this source.' })
  dataSourceId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Links with an end in this source too.',
  })
  otherDataSourceId?: string | null;

  @Field(() => Float, { nullable: true, description: 'Links with at least this score, 0 to 1.' })
  scoreFrom?: number | null;

  @Field(() => Float, { nullable: true, description: 'Links with at most this score, 0 to 1.' })
  scoreTo?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether a person decided on it; what a run accepted by its threshold was decided by nobody.',
  })
  decidedByPerson?: boolean | null;

  @Field(() => ID, { nullable: true, description: 'Links that this user decided on.' })
  decidedById?: string | null;

  @Field(() => [ID], { nullable: true, description: 'Links of which a unit is of one of these types now.' })
  types?: string[] | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Links of which a unit is this one or stands below it, by the newest place of either.',
  })
  subtree?: string | null;

  @Field(() => ID, { nullable: true, description: 'Links of which a unit is held by this version.' })
  versionId?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Text within the name, an alias, the code or the reference of either unit as the current version of its source has it; accents and capitals are ignored.',
  })
  text?: string | null;
}

/** The same as a job keeps it. */
export const linkFilter = z.object({
  statuses: z.array(z.enum(LINK_STATUSES)).nullish(),
  origins: z.array(z.enum(LINK_ORIGINS)).nullish(),
  matchRunId: z.string().nullish(),
  unitId: z.string().nullish(),
  dataSourceId: z.string().nullish(),
  otherDataSourceId: z.string().nullish(),
  scoreFrom: z.number().nullish(),
  scoreTo: z.number().nullish(),
  decidedByPerson: z.boolean().nullish(),
  decidedById: z.string().nullish(),
  types: z.array(z.string()).nullish(),
  subtree: z.string().nullish(),
  versionId: z.string().nullish(),
  text: z.string().nullish(),
});

const TEXT_LENGTH_MAX = 255;
const VALUES_MAX = 1000;

/** Throws BAD_USER_INPUT for a filter that cannot be meant. */
export function checkLinkFilter(filter: LinkFilter, path: readonly string[] = ['filter']): void {
  const refuse = (message: string, field: string) => {
    throw badInput(message, { path: [...path, field] });
  };
  for (const field of ['scoreFrom', 'scoreTo'] as const) {
    const score = filter[field];
    if (score != null && !(score >= 0 && score <= 1))
      refuse(`${field} is ${score}; scores are 0 to 1.`, field);
  }
  if (filter.scoreFrom != null && filter.scoreTo != null && filter.scoreFrom > filter.scoreTo) {
    refuse(`scoreFrom ${filter.scoreFrom} is above scoreTo ${filter.scoreTo}: nothing can be.`, 'scoreFrom');
  }
  if ((filter.text?.length ?? 0) > TEXT_LENGTH_MAX) {
    refuse(`text has ${filter.text?.length} characters; at most ${TEXT_LENGTH_MAX} are looked for.`, 'text');
  }
  if ((filter.types?.length ?? 0) > VALUES_MAX) {
    refuse(`types has ${filter.types?.length} values; at most ${VALUES_MAX} are taken.`, 'types');
  }
}
