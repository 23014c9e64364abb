import {
  Arg,
  Authorized,
  Ctx,
  Field,
  FieldResolver,
  ID,
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
import { loaders } from '../loaders';
import type { SourceRow } from '../sources/source';
import { DataSourceType } from '../sources/source-type';
import { updateSettings } from './edit-settings';
import { mainSourceId, setMainSource } from './main-source';
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

@Resolver(() => RegistrySettings)
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

  @FieldResolver(() => DataSourceType, {
    nullable: true,
    description:
      'The main source: the tree that phones, forms and datasets use. Null while none is chosen, and while it is deleted. NOT_FOUND for the project.',
  })
  async mainSource(
    @Arg('project', () => ID, {
      nullable: true,
      description: 'The id of a project: its own main source where it has one, else that of the account.',
    })
    project: string | null | undefined,
    @Ctx() context: GeoContext,
  ): Promise<SourceRow | null> {
    const id = await mainSourceId(context.db, project ?? null);
    return id === null ? null : ((await loaders.source(context).load(id)) ?? null);
  }

  @Authorized('sources.release')
  @Mutation(() => RegistrySettings, {
    description:
      'Chooses the main source of the account, or of one project. NOT_FOUND for the source and the project; FORBIDDEN to a scope that is a part of what the choice concerns.',
  })
  async setMainSource(
    @Arg('dataSource', () => ID, {
      nullable: true,
      description: 'The id of the source; null for none, so that a project follows its account again.',
    })
    dataSource: string | null | undefined,
    @Arg('project', () => ID, {
      nullable: true,
      description: 'The id of the project; without it the account.',
    })
    project: string | null | undefined,
    @Ctx() context: GeoContext,
  ): Promise<SettingsRow> {
    await setMainSource(context.db, dataSource ?? null, project ?? null);
    return (await settingsOf(context.db)) ?? DEFAULT_SETTINGS;
  }
}
