/** Which units a list keeps, as a person asks for it. */
import { badInput } from '@iroko/errors';
import { DateScalar } from '@iroko/graph';
import { requirePermission } from '@iroko/viewer';
import { Field, ID, InputType, Int } from 'type-graphql';
import type { GeoContext } from '../context';
import { checkBox } from '../shapes/shape-answer';
import { BoundingBoxInput } from '../shapes/shape-type';
import { TypeCategory } from '../types/type-category';
import { findVersion } from '../versions/find-version';
import { checkAttributes, OrgUnitAttributeFilter } from './attribute-filter';
import { OrgUnitStatus } from './place-type';
import { soughtWords } from './search/words';
import { DayRangeInput, OrgUnitLinksFilter, OrgUnitSubmissionsFilter } from './unit-filter-parts';

@InputType({ description: 'Which units a list keeps. All that is given must hold.' })
export class OrgUnitFilter {
  @Field(() => [ID], { nullable: true, description: 'Units of these ids.' })
  ids?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'All but the units of these ids.' })
  excludedIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Units of these sources.' })
  sources?: string[] | null;

  @Field(() => ID, { nullable: true, description: 'The unit of this id and everything below it.' })
  subtree?: string | null;

  @Field(() => [ID], { nullable: true, description: 'The units of these ids and everything below them.' })
  subtrees?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Not the units of these ids, and nothing below them.' })
  excludedSubtrees?: string[] | null;

  @Field(() => ID, { nullable: true, description: 'Units right below the unit of this id.' })
  parent?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it is a root: a unit without a parent.' })
  isRoot?: boolean | null;

  @Field(() => [Int], {
    nullable: true,
    description: 'Units so far from a root: 0 for roots, 1 for their children.',
  })
  depths?: number[] | null;

  @Field(() => [ID], { nullable: true, description: 'Units of one of these types.' })
  types?: string[] | null;

  @Field(() => [TypeCategory], { nullable: true, description: 'Units of types of one of these categories.' })
  categories?: TypeCategory[] | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      'Units of types that one of these projects works with; a type that names no projects is for all of them.',
  })
  projects?: string[] | null;

  @Field(() => [OrgUnitStatus], { nullable: true, description: 'Units of one of these statuses.' })
  statuses?: OrgUnitStatus[] | null;

  @Field(() => [ID], { nullable: true, description: 'Units in one of these groups.' })
  groups?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Units with one of these references, exactly.' })
  references?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Units with one of these codes, exactly.' })
  codes?: string[] | null;

  @Field(() => [OrgUnitAttributeFilter], {
    nullable: true,
    description:
      'Units by their extra attributes, at most 20 conditions, which must all hold. What a file says beyond the fields of a unit, such as the part of the source it comes from, is kept there by its mapping.',
  })
  attributes?: OrgUnitAttributeFilter[] | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it has a location; 0 is a coordinate.' })
  hasLocation?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it has a shape.' })
  hasShape?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it has a location or a shape.' })
  hasGeometry?: boolean | null;

  @Field(() => BoundingBoxInput, {
    nullable: true,
    description: 'Units whose location lies in the box, or whose shape has a bounding box that meets it.',
  })
  boundingBox?: BoundingBoxInput | null;

  @Field(() => DateScalar, {
    nullable: true,
    description:
      'Units open on this day: opened then or earlier, or unknown when; not closed, or closed later.',
  })
  openOn?: string | null;

  @Field(() => DayRangeInput, { nullable: true, description: 'Units that opened on one of these days.' })
  opened?: DayRangeInput | null;

  @Field(() => DayRangeInput, { nullable: true, description: 'Units that closed on one of these days.' })
  closed?: DayRangeInput | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Text within the name, an alias, the code or the reference; accents and capitals are ignored.',
  })
  text?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Words within the name, an alias, the code or the reference, in any order; accents, capitals and small misspellings are ignored (one letter in words of four or five, two in longer ones). Sort by RELEVANCE to see the best first.',
  })
  search?: string | null;

  @Field(() => OrgUnitSubmissionsFilter, {
    nullable: true,
    description: 'Units by the submissions made at them; takes the permission submissions.read.',
  })
  submissions?: OrgUnitSubmissionsFilter | null;

  @Field(() => OrgUnitLinksFilter, {
    nullable: true,
    description:
      'Units by the links that they have to units of other sources; takes the permission links.read.',
  })
  links?: OrgUnitLinksFilter | null;
}

const TEXT_LENGTH_MAX = 255;
const VALUES_MAX = 1000;
const SUBTREES_MAX = 100;
const WORDS_MAX = 8;
export const FILTER_SETS_MAX = 10;

const COUNTED = [
  ['ids', VALUES_MAX],
  ['excludedIds', VALUES_MAX],
  ['sources', VALUES_MAX],
  ['subtrees', SUBTREES_MAX],
  ['excludedSubtrees', SUBTREES_MAX],
  ['depths', VALUES_MAX],
  ['types', VALUES_MAX],
  ['categories', VALUES_MAX],
  ['projects', VALUES_MAX],
  ['statuses', VALUES_MAX],
  ['groups', VALUES_MAX],
  ['references', VALUES_MAX],
  ['codes', VALUES_MAX],
] as const;

/** Throws BAD_USER_INPUT for a filter that cannot be meant. */
export function checkFilter(filter: OrgUnitFilter, path: readonly string[] = ['filter']): void {
  if (filter.boundingBox) checkBox(filter.boundingBox, [...path, 'boundingBox']);
  for (const name of ['text', 'search'] as const) checkLength(name, filter[name], path);
  for (const [name, most] of COUNTED) {
    const count = filter[name]?.length ?? 0;
    if (count > most) {
      throw badInput(`${name} has ${count} values; at most ${most} are taken.`, { path: [...path, name] });
    }
  }
  checkAttributes(filter.attributes ?? [], [...path, 'attributes']);
  for (const name of ['opened', 'closed'] as const) {
    const { from, until } = filter[name] ?? {};
    if (from != null && until != null && until < from) {
      throw badInput(`${name} ends on ${until}, before it begins on ${from}.`, { path: [...path, name] });
    }
  }
  const { receivedFrom, receivedBefore, forms } = filter.submissions ?? {};
  if (receivedFrom != null && receivedBefore != null && receivedBefore <= receivedFrom) {
    throw badInput('receivedBefore is not after receivedFrom.', { path: [...path, 'submissions'] });
  }
  if ((forms?.length ?? 0) > VALUES_MAX) {
    throw badInput(`forms has more than ${VALUES_MAX} values.`, { path: [...path, 'submissions', 'forms'] });
  }
}

function checkLength(
  name: 'text' | 'search',
  text: string | null | undefined,
  path: readonly string[],
): void {
  if (text == null) return;
  if (text.length > TEXT_LENGTH_MAX) {
    throw badInput(`${name} has ${text.length} characters; at most ${TEXT_LENGTH_MAX} are looked for.`, {
      path: [...path, name],
    });
  }
  const words = name === 'search' ? soughtWords(text).length : 0;
  if (words > WORDS_MAX) {
    throw badInput(`search has ${words} words; at most ${WORDS_MAX} are looked for.`, {
      path: [...path, name],
    });
  }
}

/**
 * Throws FORBIDDEN, or NOT_FOUND for a version, when a filter asks what the viewer may not read: lists would tell it
 * all the same.
 */
export async function requireFilterRights(
  context: GeoContext,
  filters: readonly OrgUnitFilter[],
): Promise<void> {
  const { viewer } = context;
  if (filters.some(({ submissions }) => submissions != null)) requirePermission(viewer, 'submissions.read');
  if (filters.some(({ links }) => links != null)) requirePermission(viewer, 'links.read');
  await Promise.all(
    filters.map(({ links }) => (links?.version == null ? undefined : findVersion(context, links.version))),
  );
}

/** Throws BAD_USER_INPUT for sets of filters that cannot be meant. */
export function checkFilterSets(sets: readonly OrgUnitFilter[]): void {
  if (sets.length === 0 || sets.length > FILTER_SETS_MAX) {
    throw badInput(`anyOf has ${sets.length} sets; a list takes 1 to ${FILTER_SETS_MAX}.`, {
      path: ['anyOf'],
    });
  }
  for (const [index, set] of sets.entries()) checkFilter(set, ['anyOf', String(index)]);
}
