import { isId } from '@iroko/database';
import { badInput, notFound } from '@iroko/errors';
import { enqueue, jobsById } from '@iroko/jobs';
import {
  Arg,
  Authorized,
  Ctx,
  Field,
  ID,
  InputType,
  Mutation,
  Resolver,
  registerEnumType,
} from 'type-graphql';
import type { IdentityContext } from '../context';
import { JobType } from '../jobs/job-type';
import { UserFilterInput } from '../memberships/membership-type';
import { userFilter } from '../memberships/user-filter';
import { exportUsers } from './export-job';
import { defaultCells, importUsers } from './import-job';

export enum UsersFileFormat {
  CSV = 'CSV',
  XLSX = 'XLSX',
}
registerEnumType(UsersFileFormat, {
  name: 'UsersFileFormat',
  description: 'How a file of users is written.',
  valuesConfig: {
    CSV: { description: 'Text, UTF-8, separated by commas.' },
    XLSX: { description: 'A spreadsheet.' },
  },
});

@InputType({ description: 'What empty cells of a file of users stand for.' })
export class UserDefaultsInput {
  @Field(() => [String], { nullable: true, description: 'Permissions.' })
  permissions?: string[] | null;
  @Field(() => [String], { nullable: true, description: 'Roles, by name or id.' })
  roles?: string[] | null;
  @Field(() => [String], { nullable: true, description: 'Projects, by name, app id or id.' })
  projects?: string[] | null;
  @Field(() => [String], { nullable: true, description: 'Org units, by name or id.' })
  orgUnits?: string[] | null;
  @Field(() => String, { nullable: true, description: 'en, fr or pt.' })
  language?: string | null;
  @Field(() => [String], { nullable: true, description: 'Teams of users, by name or id.' })
  teams?: string[] | null;
  @Field(() => String, { nullable: true, description: 'Where they work.' })
  organization?: string | null;
}

@InputType({ description: 'A file of users to take.' })
export class ImportUsersInput {
  @Field(() => ID, { description: 'An uploaded file: CSV or XLSX.' })
  fileId!: string;
  @Field({ defaultValue: false, description: 'Only say what would happen.' })
  dryRun!: boolean;
  @Field({ defaultValue: false, description: 'Take nothing when a single row cannot be taken.' })
  allOrNothing!: boolean;
  @Field(() => UserDefaultsInput, { nullable: true, description: 'What empty cells stand for.' })
  defaults?: UserDefaultsInput | null;
}

@Resolver()
export class BulkUsersResolver {
  @Authorized('users.manage')
  @Mutation(() => JobType, {
    description:
      'Takes a file with the columns username, password, email, first_name, last_name, orgunit, orgunit__source_ref, permissions, profile_language, dhis2_id, organization, projects, user_roles, teams, phone_number, editable_org_unit_types. New people are invited by mail; members are changed to what the file says. The result counts outcomes, lists problems by line, column and code, and names a report of every row. Who has a limited scope invites and changes people within it; other rows are refused as FORBIDDEN.',
  })
  async importUsers(
    @Arg('input', () => ImportUsersInput, { description: 'The file and how to take it.' })
    input: ImportUsersInput,
    @Ctx() { db, services }: IdentityContext,
  ): Promise<JobType> {
    const { fileId, dryRun, allOrNothing, defaults } = input;
    if (!isId(fileId)) throw notFound('File', fileId);
    await services.files.find(db, fileId);
    const cells = defaultCells({
      permissions: defaults?.permissions ?? null,
      user_roles: defaults?.roles ?? null,
      projects: defaults?.projects ?? null,
      orgunit: defaults?.orgUnits ?? null,
      teams: defaults?.teams ?? null,
      profile_language: defaults?.language ?? null,
      organization: defaults?.organization ?? null,
    });
    return db.transaction(async (tx) => {
      const id = await enqueue(tx, importUsers, { fileId, dryRun, allOrNothing, defaults: cells });
      const [job] = await jobsById(tx, [id]);
      return job as unknown as JobType;
    });
  }

  @Authorized('users.read')
  @Mutation(() => JobType, {
    description:
      'Writes the members that one sees to a file of the shape that importUsers takes; the result has its `fileId` and how many `rows` there are.',
  })
  async exportUsers(
    @Arg('format', () => UsersFileFormat, { description: 'How it is written.' }) format: UsersFileFormat,
    @Arg('filter', () => UserFilterInput, {
      nullable: true,
      description: 'Which of them, as in `users`; those who were members cannot be asked for.',
    })
    filter: UserFilterInput | null | undefined,
    @Ctx() { db }: IdentityContext,
  ): Promise<JobType> {
    if (userFilter(filter).ended) {
      throw badInput('Whoever is no member is not written to a file.', { path: ['filter', 'ended'] });
    }
    return db.transaction(async (tx) => {
      const [job] = await jobsById(tx, [await enqueue(tx, exportUsers, { format, filter: filter ?? null })]);
      return job as unknown as JobType;
    });
  }
}
