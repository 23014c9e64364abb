/**
 * The settings of an account, as the API shows and takes them.
 */
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';

@ObjectType('Theme', { description: 'How the dashboard of an account looks.', simpleResolvers: true })
export class ThemeType {
  @Field(() => String, {
    nullable: true,
    description: 'What stands above it; null: the name of the product.',
  })
  title!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The main colour as #rrggbb; null: that of the product.',
  })
  primaryColour!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The second colour as #rrggbb; null: that of the product.',
  })
  secondaryColour!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'A link to the logo, good for a quarter of an hour; null where there is none.',
  })
  logoUrl!: string | null;
}

@ObjectType('LabelTranslation', { description: "An account's own word for a label.", simpleResolvers: true })
export class LabelTranslationType {
  @Field({ description: 'The language: en, fr or pt.' })
  language!: string;

  @Field({ description: 'The label, as the dashboard calls it.' })
  label!: string;

  @Field({ description: 'What stands there instead.' })
  text!: string;
}

@ObjectType('AccountSettings', { description: 'What an account has chosen.', simpleResolvers: true })
export class AccountSettingsType {
  @Field(() => [String], { description: 'The languages that its people may choose: of en, fr and pt.' })
  languages!: string[];

  @Field(() => [String], {
    description: 'The modules that are switched on; IDENTITY and PLATFORM always are. See `permissions`.',
  })
  modules!: string[];

  @Field(() => [LabelTranslationType], { description: 'Its own words for labels, by language and label.' })
  labels!: LabelTranslationType[];

  @Field(() => ThemeType, { description: 'How its dashboard looks.' })
  theme!: ThemeType;

  @Field(() => Int, { description: 'Counts the changes of the account; give it as `expectedRevision`.' })
  revision!: number;
}

@InputType({ description: "An account's own word for a label." })
export class LabelTranslationInput {
  @Field({ description: 'The language: one that the account offers.' })
  language!: string;

  @Field({ description: 'The label; 1 to 200 characters.' })
  label!: string;

  @Field({ description: 'What stands there instead; 1 to 500 characters.' })
  text!: string;
}

@InputType({ description: 'How the dashboard looks. What is left out or null is as in the product.' })
export class ThemeInput {
  @Field(() => String, { nullable: true, description: 'At most 200 characters.' })
  title?: string | null;

  @Field(() => String, { nullable: true, description: 'A colour as #rrggbb.' })
  primaryColour?: string | null;

  @Field(() => String, { nullable: true, description: 'A colour as #rrggbb.' })
  secondaryColour?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The id of an uploaded PNG or JPEG of the viewer, of at most 1 MB.',
  })
  logoFileId?: string | null;
}

@InputType({ description: 'Changes to the account. What is left out stays.' })
export class UpdateAccountInput {
  @Field(() => Int, { description: 'The revision that was read; another one is answered CONFLICT.' })
  expectedRevision!: number;

  @Field(() => String, { nullable: true, description: 'Its name; 1 to 200 characters.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'IANA time zone, such as Africa/Kinshasa.' })
  timeZone?: string | null;

  @Field(() => String, { nullable: true, description: 'The language of people who chose none.' })
  language?: string | null;

  @Field(() => [String], { nullable: true, description: 'The languages that people may choose.' })
  languages?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'The modules that are on from now on. Permissions of the others are kept and not effective.',
  })
  modules?: string[] | null;

  @Field(() => [LabelTranslationInput], { nullable: true, description: 'All its own words, at most 1,000.' })
  labels?: LabelTranslationInput[] | null;

  @Field(() => ThemeInput, { nullable: true, description: 'The whole look from now on.' })
  theme?: ThemeInput | null;
}
