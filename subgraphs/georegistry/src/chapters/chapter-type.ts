import { Field, ObjectType } from 'type-graphql';
import { countedConnectionOf } from '../counted-connection';
import type { StateAnswer } from '../org-units/place-answer';
import { OrgUnitStateType } from '../org-units/place-type';
import type { VersionRow } from '../versions/version';

/** An edit by hand, as the log has it. */
export interface EditRow {
  at: Date;
  action: string;
  userId: string | null;
  jobId: string | null;
  reason: string | null;
  fields: string[];
}

@ObjectType('OrgUnitEdit', {
  description:
    'An edit of a unit, as the log has it. Imports and other bulk work stand in the log of the version.',
  simpleResolvers: true,
})
export class OrgUnitEditType {
  @Field({ description: 'When.' })
  at!: Date;

  @Field({ description: 'What was done: CREATE, UPDATE, MOVE, REJECT, RESTORE, REMOVE and others.' })
  action!: string;

  @Field(() => [String], { description: 'The names of the fields that it changed.' })
  fields!: string[];

  @Field(() => String, { nullable: true, description: 'Why, in the words of whoever did it.' })
  reason!: string | null;
}

/** A chapter as resolvers answer it. */
export interface ChapterAnswer {
  state: StateAnswer;
  changedFields: string[];
  until: VersionRow | null;
  isRemoved: boolean;
  edits: EditRow[];
}

@ObjectType('OrgUnitChapter', {
  description: 'What a unit was from one version until another.',
  simpleResolvers: true,
})
export class OrgUnitChapterType {
  @Field(() => OrgUnitStateType, { description: 'The unit as it became, in the version that made it so.' })
  state!: StateAnswer;

  @Field(() => [String], {
    description:
      'The fields that differ from the chapter before: name, parentId, shapeHash and others; all in the first.',
  })
  changedFields!: string[];

  @Field({ description: 'Whether the version in which it ends holds the unit no more.' })
  isRemoved!: boolean;
}

export const OrgUnitChapterConnection = countedConnectionOf<OrgUnitChapterType>(
  'OrgUnitChapter',
  () => OrgUnitChapterType,
);
