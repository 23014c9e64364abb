/**
 * The members of an account as a file of the same shape that the import takes: taken again, it changes nothing.
 */
import type { AccountDatabase } from '@iroko/database';
import type { Files } from '@iroko/files';
import { defineJob } from '@iroko/jobs';
import { writeCsv, writeXlsx } from '@iroko/tabular';
import { z } from 'zod';
import type { MemberSearch } from '../memberships/member-search.sql';
import type { UserFilterInput } from '../memberships/membership-type';
import { userFilter } from '../memberships/user-filter';
import { memberReach } from '../scope/members-in-scope';
import {
  type ExportedMember,
  membersToExport,
  type NamedRow,
  projectNames,
  roleNames,
  teamNames,
  typeNames,
} from './bulk-users.sql';
import { USER_COLUMNS, type UserColumn } from './columns';
import { quoted } from './import-job';

const BATCH = 500;
const DAY_HOURS = 24;

const exportInput = z.object({
  format: z.enum(['CSV', 'XLSX']),
  filter: z.custom<UserFilterInput>((given) => typeof given === 'object').nullish(),
});

export const exportUsers = defineJob<
  z.infer<typeof exportInput>,
  { fileId: string; rows: number },
  { files: Files }
>({
  name: 'identity.exportUsers',
  input: exportInput,
  permission: 'users.read',
  handler: async (job, { format, filter }, { files }) => {
    const search = { filter: userFilter(filter), reach: await memberReach(job.db) };
    let rows = 0;
    async function* lines() {
      for await (const batch of memberRows(job.db, search)) {
        rows += batch.length;
        yield batch;
      }
    }
    const header = [...USER_COLUMNS];
    const content = format === 'CSV' ? writeCsv(header, lines()) : writeXlsx('Users', header, lines());
    const name = format === 'CSV' ? 'users.csv' : 'users.xlsx';
    const file = await files.store(job.db, content, { name, expiresInHours: DAY_HOURS });
    return { fileId: file.id, rows };
  },
});

async function* memberRows(db: AccountDatabase, search: MemberSearch): AsyncGenerator<string[][]> {
  const known = {
    roles: names(await roleNames(db)),
    teams: names(await teamNames(db)),
    projects: names(await projectNames(db)),
    types: names(await typeNames(db)),
  };
  for (let after: string | null = null; ; ) {
    const members: ExportedMember[] = await membersToExport(db, search, after, BATCH);
    if (members.length === 0) return;
    yield members.map((member) => cellsOf(member, known));
    after = members.at(-1)?.userId ?? null;
  }
}

const names = (rows: readonly NamedRow[]) => new Map(rows.map(({ id, name }) => [id, name]));

type Names = ReadonlyMap<string, string>;

function cellsOf(
  member: ExportedMember,
  { roles, teams, projects, types }: Record<'roles' | 'teams' | 'projects' | 'types', Names>,
): string[] {
  // What is gone meanwhile is left out.
  const list = (ids: readonly string[] | null, known: Names) =>
    (ids ?? [])
      .flatMap((id) => known.get(id) ?? [])
      .map(quoted)
      .join(',');
  const cells: Record<UserColumn, string> = {
    username: '',
    password: '',
    email: member.email,
    first_name: member.firstName,
    last_name: member.lastName,
    orgunit: (member.unitIds ?? []).join(','),
    orgunit__source_ref: '',
    permissions: member.permissions.join(','),
    profile_language: member.language ?? '',
    dhis2_id: member.dhis2Id ?? '',
    organization: member.organization,
    projects: list(member.projectIds, projects),
    user_roles: list(member.roleIds, roles),
    teams: list(member.teamIds, teams),
    phone_number: member.phone ?? '',
    editable_org_unit_types: list(member.writableTypeIds, types),
  };
  return USER_COLUMNS.map((column) => cells[column]);
}
