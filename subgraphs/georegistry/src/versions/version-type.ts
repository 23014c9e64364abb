import { JobReference } from '@iroko/jobs';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { countedConnectionOf } from '../counted-connection';

export enum VersionStatus {
  DRAFT = 'DRAFT',
  RELEASED = 'RELEASED',
}
registerEnumType(VersionStatus, {
  name: 'VersionStatus',
  description: 'How far a version is.',
  valuesConfig: {
    DRAFT: { description: 'It can be edited; seen by those who may edit.' },
    RELEASED: { description: 'It never changes.' },
  },
});

@Directive('@key(fields: "id")')
@ObjectType('SourceVersion', {
  description: "A numbered snapshot of a source's tree.",
  simpleResolvers: true,
})
export class SourceVersionType {
  @Field(() => ID, { description: 'Its id: give it where an argument asks for a version.' })
  id!: string;

  @Field(() => Int, { description: 'Counts the versions of its source from 1.' })
  number!: number;

  @Field(() => VersionStatus, { description: 'Draft or released.' })
  status!: VersionStatus;

  @Field({ description: 'Its name, such as `official 2026`; empty when there is none.' })
  name!: string;

  @Field({ description: 'What it is about; may be empty.' })
  description!: string;

  @Field({ description: 'When its draft was opened.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When it was released; null for a draft.' })
  releasedAt!: Date | null;

  @Field(() => JobReference, {
    nullable: true,
    description: 'The job that fills this draft. While it runs, edits by others answer CONFLICT.',
  })
  heldBy!: JobReference | null;
}

export const SourceVersionConnection = countedConnectionOf<SourceVersionType>(
  'SourceVersion',
  () => SourceVersionType,
);

@ObjectType({
  description: 'What a discarded draft held, taken back or to be taken back by the job.',
  simpleResolvers: true,
})
export class DiscardedDraft {
  @Field(() => Int, { description: 'How many units it had added or changed.' })
  changedUnits!: number;

  @Field(() => Int, { description: 'How many units it had removed.' })
  removedUnits!: number;

  @Field(() => JobReference, {
    nullable: true,
    description:
      'The job that takes it back, when it changed or removed more than 1,000 units; null when it is done.',
  })
  job!: JobReference | null;
}
