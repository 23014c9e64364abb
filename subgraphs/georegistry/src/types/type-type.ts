import { Directive, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { countedConnectionOf } from '../counted-connection';
import { TypeCategory } from './type-category';

@Directive('@key(fields: "id")')
@ObjectType('OrgUnitType', {
  description: 'What kind of place a unit is: country, district, clinic.',
  simpleResolvers: true,
})
export class OrgUnitTypeType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field({ description: 'Its name, unique in the account apart from accents and capitals.' })
  name!: string;

  @Field({ description: 'A short name for narrow places; empty when there is none.' })
  shortName!: string;

  @Field(() => Int, { nullable: true, description: 'Its usual level in trees: 0 for roots.' })
  depth!: number | null;

  @Field(() => TypeCategory, { nullable: true, description: 'What part it plays, whatever it is called.' })
  category!: TypeCategory | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'The roles whose members may create units of it; null when whoever may edit units may.',
  })
  creatorRoleIds!: string[] | null;

  @Field(() => Int, { description: 'Counts its changes.' })
  revision!: number;

  @Field({ description: 'When it was made.' })
  createdAt!: Date;

  @Field({ description: 'When it was last changed.' })
  updatedAt!: Date;

  @Field(() => Date, {
    nullable: true,
    description: 'When it was deleted; null when it is not. It can be restored for 30 days.',
  })
  deletedAt!: Date | null;
}

export const OrgUnitTypeConnection = countedConnectionOf<OrgUnitTypeType>(
  'OrgUnitType',
  () => OrgUnitTypeType,
);

@InputType({ description: 'Changes of a type of org units; what is left out stays as it is.' })
export class UpdateOrgUnitTypeInput {
  @Field(() => String, {
    nullable: true,
    description: '1 to 255 characters, unique in the account apart from accents and capitals.',
  })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'At most 255 characters.' })
  shortName?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Its usual level in trees: 0 for roots, at most 63; null for none.',
  })
  depth?: number | null;

  @Field(() => TypeCategory, { nullable: true, description: 'What part it plays; null for none.' })
  category?: TypeCategory | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      'The types that may stand right below a unit of it; empty for none, null for any. A type is allowed below itself only when it lists itself; chains of other types must not lead back to their beginning.',
  })
  subTypeIds?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'The roles whose members may create units of it; null for whoever may edit units.',
  })
  creatorRoleIds?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'The forms whose latest answer describes a unit of it.',
  })
  referenceFormIds?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      'The projects that work with units of it; null for all of them. FORBIDDEN to a scope that is some projects.',
  })
  projectIds?: string[] | null;
}

@InputType({ description: 'A new type of org units.' })
export class CreateOrgUnitTypeInput extends UpdateOrgUnitTypeInput {
  @Field({ description: '1 to 255 characters, unique in the account apart from accents and capitals.' })
  declare name: string;
}
