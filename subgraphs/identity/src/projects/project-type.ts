/**
 * Projects, as the API shows and takes them.
 */
import { connectionOf, JSONScalar } from '@iroko/graph';
import { Directive, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { FLAG_CATEGORIES, type FlagCategory } from './feature-flags';

const FlagCategoryEnum = Object.fromEntries(FLAG_CATEGORIES.map((name) => [name, name])) as Record<
  FlagCategory,
  FlagCategory
>;
registerEnumType(FlagCategoryEnum, {
  name: 'FeatureFlagCategory',
  description: 'What a feature flag is about.',
  valuesConfig: {
    DATA_COLLECTION: { description: 'How forms are filled in and sent.' },
    REFRESH: { description: 'When an app looks for news.' },
    GEOGRAPHY: { description: 'Which org units an app has.' },
    OFFLINE: { description: 'What an app does without a network.' },
  },
});

@ObjectType('FeatureFlag', { description: 'Something that a project can switch on.', simpleResolvers: true })
export class FeatureFlagType {
  @Field({ description: 'Its name, such as TAKE_GPS_ON_FORM.' })
  code!: string;

  @Field(() => FlagCategoryEnum, { description: 'What it is about.' })
  category!: FlagCategory;

  @Field({ description: 'What it does.' })
  description!: string;

  @Field({ description: 'Whether only a project that needs authentication may have it.' })
  requiresAuthentication!: boolean;

  @Field({ description: 'Whether what it does cannot be taken back.' })
  isDangerous!: boolean;

  @Field(() => JSONScalar, { description: 'JSON Schema of its configuration.' })
  configurationSchema!: Record<string, unknown>;
}

@ObjectType('ProjectFeatureFlag', {
  description: 'A feature flag that a project has on.',
  simpleResolvers: true,
})
export class ProjectFeatureFlagType {
  @Field({ description: 'The name of the flag.' })
  code!: string;

  @Field(() => JSONScalar, {
    description: 'Its configuration; an empty object where there is nothing to say.',
  })
  configuration!: Record<string, unknown>;
}

@Directive('@key(fields: "id")')
@ObjectType('Project', { description: 'A workspace inside an account.', simpleResolvers: true })
export class ProjectType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field({ description: 'Its name, unique in the account apart from accents and capitals.' })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: 'What apps on phones call it, unique in the account; null where no app uses it.',
  })
  appId!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'A colour to know it by, as #rrggbb in small letters.',
  })
  colour!: string | null;

  @Field({ description: 'What it is about; may be empty.' })
  description!: string;

  @Field({ description: 'Whether an app must send who it acts for.' })
  needsAuthentication!: boolean;

  @Field(() => Int, {
    nullable: true,
    description: 'The oldest version of the app that may work with it, as the app counts; null: any.',
  })
  minVersion!: number | null;

  @Field(() => [ProjectFeatureFlagType], { description: 'What it has switched on, by name.' })
  featureFlags!: ProjectFeatureFlagType[];

  @Field(() => Int, { description: 'Counts its changes; give it as `expectedRevision` when you change it.' })
  revision!: number;

  @Field(() => Date, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When it was deleted; null while it is there.' })
  deletedAt!: Date | null;
}

export const ProjectConnection = connectionOf('Project', () => ProjectType);

@InputType({ description: 'A feature flag to switch on.' })
export class ProjectFeatureFlagInput {
  @Field({ description: 'The name of the flag, of those in `featureFlags`.' })
  code!: string;

  @Field(() => JSONScalar, {
    nullable: true,
    description: 'Its configuration, which fits the schema of the flag; an empty object without it.',
  })
  configuration?: unknown;
}

@InputType({ description: 'What can be said of a project.' })
class ProjectFieldsInput {
  @Field(() => String, {
    nullable: true,
    description:
      'What apps call it: 1 to 100 letters, digits, dots, hyphens and underscores. Null: no app uses it.',
  })
  appId?: string | null;

  @Field(() => String, { nullable: true, description: 'A colour as #rrggbb; null: none.' })
  colour?: string | null;

  @Field(() => String, { nullable: true, description: 'What it is about; at most 2,000 characters.' })
  description?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether an app must send who it acts for. A new project does, unless it says no.',
  })
  needsAuthentication?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The oldest version of the app that may work with it; null: any.',
  })
  minVersion?: number | null;

  @Field(() => [ProjectFeatureFlagInput], {
    nullable: true,
    description: 'All that is switched on from now on; what is left out is off.',
  })
  featureFlags?: ProjectFeatureFlagInput[] | null;
}

@InputType({ description: 'A new project.' })
export class CreateProjectInput extends ProjectFieldsInput {
  @Field({ description: 'Its name; 1 to 200 characters, unique in the account whatever case and accents.' })
  name!: string;
}

@InputType({ description: 'Changes to a project. What is left out stays.' })
export class UpdateProjectInput extends ProjectFieldsInput {
  @Field(() => ID, { description: 'The id of the project.' })
  id!: string;

  @Field(() => Int, { description: 'The revision that was read; another one is answered CONFLICT.' })
  expectedRevision!: number;

  @Field(() => String, { nullable: true, description: 'Its new name.' })
  name?: string | null;
}
