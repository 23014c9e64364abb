/** A list of units as a person asks for it: what to keep, in which order. */
import { badInput } from '@iroko/errors';
import { textKey } from '@iroko/text';
import { Field, ID, InputType, registerEnumType } from 'type-graphql';
import { checkBox } from '../shapes/shape-answer';
import { BoundingBoxInput } from '../shapes/shape-type';
import { OrgUnitStatus } from './place-type';

export enum OrgUnitSort {
  NAME = 'NAME',
  NAME_DESC = 'NAME_DESC',
  TREE = 'TREE',
}
registerEnumType(OrgUnitSort, {
  name: 'OrgUnitSort',
  description: 'The order of a list of units.',
  valuesConfig: {
    NAME: { description: 'By name, accents and capitals folded.' },
    NAME_DESC: { description: 'By name backwards.' },
    TREE: { description: 'As one walks down the tree: each unit before what is below it.' },
  },
});

@InputType({ description: 'Which units a list keeps. All that is given must hold.' })
export class OrgUnitFilter {
  @Field(() => ID, { nullable: true, description: 'The unit of this id and everything below it.' })
  subtree?: string | null;

  @Field(() => ID, { nullable: true, description: 'Units right below the unit of this id.' })
  parent?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it is a root: a unit without a parent.' })
  isRoot?: boolean | null;

  @Field(() => [ID], { nullable: true, description: 'Units of one of these types.' })
  types?: string[] | null;

  @Field(() => [OrgUnitStatus], { nullable: true, description: 'Units of one of these statuses.' })
  statuses?: OrgUnitStatus[] | null;

  @Field(() => [ID], { nullable: true, description: 'Units in one of these groups.' })
  groups?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Units with one of these references, exactly.' })
  references?: string[] | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it has a location; 0 is a coordinate.' })
  hasLocation?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it has a shape.' })
  hasShape?: boolean | null;

  @Field(() => BoundingBoxInput, {
    nullable: true,
    description: 'Units whose location lies in the box, or whose shape has a bounding box that meets it.',
  })
  boundingBox?: BoundingBoxInput | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Text within the name, an alias, the code or the reference; accents and capitals are ignored.',
  })
  text?: string | null;
}

const TEXT_LENGTH_MAX = 255;
const VALUES_MAX = 1000;

/** Throws BAD_USER_INPUT for a filter that cannot be meant. */
export function checkFilter(filter: OrgUnitFilter): void {
  if (filter.boundingBox) checkBox(filter.boundingBox, ['filter', 'boundingBox']);
  if (filter.text != null && filter.text.length > TEXT_LENGTH_MAX) {
    throw badInput(`text has ${filter.text.length} characters; at most ${TEXT_LENGTH_MAX} are looked for.`, {
      path: ['filter', 'text'],
    });
  }
  for (const name of ['types', 'statuses', 'groups', 'references'] as const) {
    const count = filter[name]?.length ?? 0;
    if (count > VALUES_MAX) {
      throw badInput(`${name} has ${count} values; at most ${VALUES_MAX} are taken.`, {
        path: ['filter', name],
      });
    }
  }
}

/** The text as a pattern for LIKE on search keys; undefined when there is nothing to look for. */
export function textPattern(text: string | null | undefined): string | undefined {
  const key = textKey((text ?? '').replaceAll('\0', ''));
  return key === '' ? undefined : `%${key.replace(/[\\%_]/g, '\\$&')}%`;
}
