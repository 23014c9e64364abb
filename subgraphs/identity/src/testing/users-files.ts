/**
 * Files of users, as tests upload, import and export them.
 */
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { newId } from '@iroko/database';
import { runJobsUntilIdle } from '@iroko/jobs';
import type { SeededAccount } from '@iroko/testing';
import { USER_COLUMNS, type UserColumn } from '../bulk-users/columns';
import type { ImportUsersResult } from '../bulk-users/import-job';
import type { IdentityUnderTest } from './identity-under-test';

const IMPORT = 'mutation ($input: ImportUsersInput!) { importUsers(input: $input) { id status } }';
const EXPORT =
  'mutation ($format: UsersFileFormat!, $filter: UserFilterInput) { exportUsers(format: $format, filter: $filter) { id } }';
const JOB = 'query ($id: ID!) { job(id: $id) { status result error { code message } } }';

export type Cells = Partial<Record<UserColumn, string>>;

interface Finished<Result> {
  status: string;
  result: Result;
  error: { code: string; message: string } | null;
}

export class UsersFiles {
  constructor(
    private readonly identity: IdentityUnderTest,
    private readonly account: SeededAccount,
  ) {}

  /** What became of the job. */
  async taken(
    content: string | Readable,
    input: object = {},
    { name, token }: { name?: string | undefined; token?: string | undefined } = {},
  ): Promise<Finished<ImportUsersResult>> {
    return this.run(IMPORT, { input: { fileId: await this.upload(content, name), ...input } }, token);
  }

  /** Expects that the file was taken, with whatever outcomes. */
  async imported(content: string | Readable, input: object = {}, name?: string): Promise<ImportUsersResult> {
    const job = await this.taken(content, input, { name });
    expect(job.error).toBeNull();
    return job.result;
  }

  importedAgain = async (fileId: string): Promise<ImportUsersResult> =>
    (await this.run<ImportUsersResult>(IMPORT, { input: { fileId } })).result;

  async exported(
    variables: { format: string; filter?: object },
    token?: string,
  ): Promise<{ fileId: string; rows: number }> {
    const job = await this.run<{ fileId: string; rows: number }>(EXPORT, variables, token);
    expect(job.error).toBeNull();
    return job.result;
  }

  async contentOf(fileId: string): Promise<string> {
    const { stream } = await this.identity.files.open(this.db(), fileId);
    return text(stream);
  }

  async upload(content: string | Readable, name = 'users.csv'): Promise<string> {
    const stream = typeof content === 'string' ? Readable.from([Buffer.from(content)]) : content;
    return (await this.identity.files.store(this.db(), stream, { name })).id;
  }

  /** Only the jobs of files: mails are sent by others. */
  async runJobs(): Promise<void> {
    const { database, viewers, subgraph } = this.identity;
    const jobs = subgraph.jobs.filter(({ definition }) => /Users$/.test(definition.name));
    await runJobsUntilIdle({ database, viewers, jobs });
  }

  async invitations() {
    const { rows } = await this.identity.database.pool.query(
      `SELECT email, permissions, cardinality(role_ids) AS roles, team_ids, unit_ids, project_ids, language, dhis2_id,
              first_name, organization, phone
       FROM identity.invitation WHERE account_id = $1 ORDER BY email`,
      [this.account.accountId],
    );
    return rows;
  }

  private db() {
    return this.identity.database.forAccount(this.account.actor);
  }

  private async run<Result>(
    mutation: string,
    variables: object,
    token = this.account.administrator.accessToken,
  ): Promise<Finished<Result>> {
    const { data, errors } = await this.identity.ask(mutation, { token, variables: { ...variables } });
    expect(errors).toEqual([]);
    await this.runJobs();
    const id = (Object.values(data ?? {})[0] as { id: string }).id;
    const answer = await this.identity.ask(JOB, {
      token: this.account.administrator.accessToken,
      variables: { id },
    });
    return (answer.data as { job: Finished<Result> }).job;
  }
}

/** A file with every column. */
export const usersCsv = (rows: readonly Cells[], separator = ','): string =>
  [
    USER_COLUMNS.join(separator),
    ...rows.map((row) =>
      USER_COLUMNS.map((column) => {
        const cell = row[column] ?? '';
        return /[,;"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
      }).join(separator),
    ),
  ].join('\n');

export const newAddress = (): string => `u-${newId()}@example.org`;
