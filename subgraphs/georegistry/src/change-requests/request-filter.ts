/** Which change requests a list keeps, as a person asks for it, and as statements and jobs take it. */
import { isId } from '@iroko/database';
import { badInput } from '@iroko/errors';
import { Field, ID, InputType } from 'type-graphql';
import { z } from 'zod';
import { UNIT_FIELDS, type UnitField } from '../differences/difference';
import { UnitFieldEnum } from '../differences/difference-type';
import { textPattern } from '../org-units/search/like-text';
import {
  CONTENT_OF,
  REQUEST_KINDS,
  REQUEST_STATUSES,
  type RequestKind,
  type RequestStatus,
} from './change-request';
import { RequestKindEnum, RequestStatusEnum } from './request-enums';
import type { RequestList } from './request-list.sql';

@InputType({ description: 'Which change requests. All that is given must hold.' })
export class ChangeRequestFilter {
  @Field(() => [ID], { nullable: true, description: 'Requests of these ids.' })
  ids?: string[] | null;

  @Field(() => [RequestStatusEnum], { nullable: true, description: 'With one of these statuses.' })
  statuses?: RequestStatus[] | null;

  @Field(() => [RequestKindEnum], { nullable: true, description: 'Of one of these kinds.' })
  kinds?: RequestKind[] | null;

  @Field(() => ID, { nullable: true, description: 'For this source.' })
  dataSource?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'For a unit that this version holds; for a new unit: below one that it holds, or a root.',
  })
  version?: string | null;

  @Field(() => [ID], { nullable: true, description: 'For one of these units.' })
  units?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Text within the name, an alias, the code or the reference of the unit as it is or as it shall be; accents and capitals are ignored. At most 255 characters.',
  })
  text?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'For a unit that is, or shall be, of one of these types.',
  })
  types?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'For a unit that is, or shall be, in one of these groups.',
  })
  groups?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'For a unit at or below one of these, where it stands or where it shall stand.',
  })
  subtrees?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether the unit has a location, or one is proposed.',
  })
  hasLocation?: boolean | null;

  @Field(() => [UnitFieldEnum], {
    nullable: true,
    description: 'That propose something for one of these fields.',
  })
  fields?: UnitField[] | null;

  @Field(() => ID, { nullable: true, description: 'That this merge plan proposed.' })
  mergePlan?: string | null;

  @Field(() => ID, { nullable: true, description: 'Proposed by this person.' })
  proposedBy?: string | null;

  @Field(() => [ID], { nullable: true, description: 'Proposed by one of these people.' })
  proposedByAny?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Decided by one of these people.' })
  decidedByAny?: string[] | null;

  @Field(() => Date, { nullable: true, description: 'Proposed at this time or later.' })
  proposedFrom?: Date | null;

  @Field(() => Date, { nullable: true, description: 'Proposed before this time.' })
  proposedBefore?: Date | null;
}

/** The same as a job keeps it. */
export const requestFilter = z.object({
  ids: z.array(z.string()).nullish(),
  statuses: z.array(z.enum(REQUEST_STATUSES)).nullish(),
  kinds: z.array(z.enum(REQUEST_KINDS)).nullish(),
  dataSource: z.string().nullish(),
  version: z.string().nullish(),
  units: z.array(z.string()).nullish(),
  text: z.string().nullish(),
  types: z.array(z.string()).nullish(),
  groups: z.array(z.string()).nullish(),
  subtrees: z.array(z.string()).nullish(),
  hasLocation: z.boolean().nullish(),
  fields: z.array(z.enum(UNIT_FIELDS)).nullish(),
  mergePlan: z.string().nullish(),
  proposedBy: z.string().nullish(),
  proposedByAny: z.array(z.string()).nullish(),
  decidedByAny: z.array(z.string()).nullish(),
  proposedFrom: z.coerce.date().nullish(),
  proposedBefore: z.coerce.date().nullish(),
});
export type RequestFilter = z.infer<typeof requestFilter>;

const TEXT_LENGTH_MAX = 255;
const VALUES_MAX = 1000;
const LISTS = ['ids', 'units', 'types', 'groups', 'subtrees', 'proposedByAny', 'decidedByAny'] as const;

/** Throws BAD_USER_INPUT for a filter that cannot be meant. */
export function checkRequestFilter(filter: ChangeRequestFilter, path: readonly string[] = ['filter']): void {
  const refuse = (message: string, field: string) => {
    throw badInput(message, { path: [...path, field] });
  };
  if ((filter.text?.length ?? 0) > TEXT_LENGTH_MAX) {
    refuse(`text has ${filter.text?.length} characters; at most ${TEXT_LENGTH_MAX} are looked for.`, 'text');
  }
  for (const field of LISTS) {
    const count = filter[field]?.length ?? 0;
    if (count > VALUES_MAX) refuse(`${field} has ${count} values; at most ${VALUES_MAX} are taken.`, field);
  }
  const { proposedFrom, proposedBefore } = filter;
  if (proposedFrom && proposedBefore && proposedFrom >= proposedBefore) {
    refuse('proposedFrom is not before proposedBefore: nothing can be.', 'proposedFrom');
  }
}

const NEVER = '00000000-0000-0000-0000-000000000000';

/** What is no id is one that never was. */
export function requestListOf(filter: RequestFilter, withDrafts: boolean): RequestList {
  const one = (id: string | null | undefined) => (id == null ? undefined : isId(id) ? id : NEVER);
  const many = (ids: readonly string[] | null | undefined) => ids?.filter(isId);
  const lower = (ids: readonly string[] | null | undefined) => many(ids)?.map((id) => id.toLowerCase());
  const proposers = [
    ...(filter.proposedByAny ?? []),
    ...(filter.proposedBy == null ? [] : [filter.proposedBy]),
  ];
  return {
    ids: many(filter.ids),
    statuses: filter.statuses ?? undefined,
    kinds: filter.kinds ?? undefined,
    dataSourceId: one(filter.dataSource),
    versionId: one(filter.version),
    unitIds: many(filter.units),
    text: textPattern(filter.text),
    typeIds: lower(filter.types),
    groupIds: lower(filter.groups),
    subtreeIds: many(filter.subtrees),
    hasLocation: filter.hasLocation ?? undefined,
    contentNames: filter.fields?.map((field) => CONTENT_OF[field]),
    mergePlanId: one(filter.mergePlan),
    proposedBy: filter.proposedBy == null && !filter.proposedByAny ? undefined : proposers.filter(isId),
    decidedBy: many(filter.decidedByAny),
    proposedFrom: filter.proposedFrom ?? undefined,
    proposedBefore: filter.proposedBefore ?? undefined,
    withDrafts,
  };
}
