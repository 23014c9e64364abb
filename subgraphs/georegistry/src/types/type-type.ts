import { Directive, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { countedConnectionOf } from '../counted-connection';

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

  @Field(() => Int, { description: 'Counts its changes.' })
  revision!: number;

  @Field({ description: 'When it was made.' })
  createdAt!: Date;

  @Field({ description: 'When it was last changed.' })
  updatedAt!: Date;
}

export const OrgUnitTypeConnection = countedConnectionOf<OrgUnitTypeType>(
  'OrgUnitType',
  () => OrgUnitTypeType,
);

@InputType({ description: 'A new type of org units.' })
export class CreateOrgUnitTypeInput {
  @Field({ description: '1 to 255 characters, unique in the account apart from accents and capitals.' })
  name!: string;

  @Field({ nullable: true, description: 'At most 255 characters.' })
  shortName?: string;

  @Field(() => Int, { nullable: true, description: 'Its usual level in trees: 0 for roots, at most 63.' })
  depth?: number | null;
}
