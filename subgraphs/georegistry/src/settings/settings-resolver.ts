import {
  Arg,
  Authorized,
  Ctx,
  Field,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  registerEnumType,
} from 'type-graphql';
import type { GeoContext } from '../context';
import { givenFields } from '../given-fields';
import { updateSettings } from './edit-settings';
import { DEFAULT_SETTINGS, type SettingsRow, settingsOf } from './settings.sql';

export enum ImportViolations {
  REFUSE = 'REFUSE',
  FLAG = 'FLAG',
}
registerEnumType(ImportViolations, {
  name: 'ImportViolations',
  description: "What an import does with rows whose type may not stand below their parent's.",
  valuesConfig: {
    REFUSE: { description: 'They go to quarantine, with everything below them.' },
    FLAG: { description: 'They land, and the report of the import and the quality report list them.' },
  },
});

@ObjectType({ description: 'What an account wants of its registry.', simpleResolvers: true })
export class RegistrySettings {
  @Field(() => ImportViolations, {
    description: "What imports do with rows whose type may not stand below their parent's.",
  })
  importViolations!: 'REFUSE' | 'FLAG';

  @Field(() => Int, {
    nullable: true,
    description:
      'The score, 0 to 100, that the newest quality report of a draft must have for its release; null for none.',
  })
  requiredScore!: number | null;

  @Field(() => Int, { description: 'Counts its changes.' })
  revision!: number;
}

@InputType({ description: 'Changes of what an account wants of its registry; what is left out stays.' })
export class UpdateRegistrySettingsInput {
  @Field(() => ImportViolations, {
    nullable: true,
    description: "What imports do with rows whose type may not stand below their parent's.",
  })
  importViolations?: 'REFUSE' | 'FLAG' | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The score, 0 to 100, that a release asks of its draft; null for none.',
  })
  requiredScore?: number | null;
}

@Resolver()
export class RegistrySettingsResolver {
  @Authorized('sources.read')
  @Query(() => RegistrySettings, { description: 'What the account wants of its registry.' })
  async registrySettings(@Ctx() context: GeoContext): Promise<SettingsRow> {
    return (await settingsOf(context.db)) ?? DEFAULT_SETTINGS;
  }

  @Authorized('types.edit')
  @Mutation(() => RegistrySettings, {
    description:
      'Changes what the account wants of its registry. BAD_USER_INPUT for a score out of range; CONFLICT when it changed meanwhile.',
  })
  updateRegistrySettings(
    @Arg('expectedRevision', () => Int, { description: 'The revision that the change begins from.' })
    expectedRevision: number,
    @Arg('input', () => UpdateRegistrySettingsInput, { description: 'What to change.' })
    input: UpdateRegistrySettingsInput,
    @Ctx() context: GeoContext,
  ): Promise<SettingsRow> {
    return updateSettings(context.db, expectedRevision, givenFields(input, ['requiredScore']));
  }
}
