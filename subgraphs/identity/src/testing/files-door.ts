/**
 * Identity behind a real HTTP server, with a member who may upload.
 */
import { readdir } from 'node:fs/promises';
import { createHttpServer } from '@iroko/http';
import { silentLogger } from '@iroko/telemetry';
import { type SeededAccount, type SeededMember, seedMember, seedTwins } from '@iroko/testing';
import { type IdentityUnderTest, identityUnderTest } from './identity-under-test';

export const FILE =
  'query ($id: ID!) { file(id: $id) { id name contentType size sha256 createdAt expiresAt downloadUrl } }';

export interface UploadedFile {
  id: string;
  name: string;
  size: number;
  sha256: string;
  contentType: string;
}

export const bearer = (who: SeededMember) => ({ authorization: `Bearer ${who.accessToken}` });

/** The code of the error in an answer. */
export const codeOf = async (response: Response) =>
  ((await response.json()) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code;

export class FilesDoor {
  private constructor(
    readonly identity: IdentityUnderTest,
    readonly account: SeededAccount,
    readonly twin: SeededAccount,
    readonly member: SeededMember,
    readonly door: string,
    readonly close: () => Promise<void>,
  ) {}

  static async open(): Promise<FilesDoor> {
    const identity = await identityUnderTest();
    const { account, twin } = await seedTwins(identity.database);
    const member = await seedMember(identity.database, account.accountId, { permissions: ['files.upload'] });
    const server = createHttpServer({
      routes: identity.subgraph.routes,
      viewerOf: (headers, from) => identity.viewers.fromAuthorization(headers.authorization, from),
      log: silentLogger,
    });
    const door = `http://127.0.0.1:${await server.listen('127.0.0.1', 0)}`;
    return new FilesDoor(identity, account, twin, member, door, async () => {
      await server.close(0);
      await identity.close();
    });
  }

  send(body: string | Buffer, name = 'a.csv', who = this.member): Promise<Response> {
    const url = `${this.door}/files?name=${encodeURIComponent(name)}`;
    return fetch(url, { method: 'POST', body, headers: bearer(who) });
  }

  form(...parts: [string, Blob, string][]): Promise<Response> {
    const data = new FormData();
    for (const [field, blob, name] of parts) data.append(field, blob, name);
    return fetch(`${this.door}/files`, { method: 'POST', body: data, headers: bearer(this.member) });
  }

  async uploaded(
    content: string | Buffer = 'name;code\nKita;7\n',
    name = 'écoles du Mali.csv',
  ): Promise<UploadedFile> {
    const response = await this.send(content, name);
    expect(response.status).toBe(201);
    return (await response.json()) as UploadedFile;
  }

  /** The link as the API answers it, through this server. */
  async linkTo(id: string): Promise<string> {
    const { data } = await this.identity.ask(FILE, { token: this.member.accessToken, variables: { id } });
    const { downloadUrl } = (data as { file: { downloadUrl: string } }).file;
    return downloadUrl.replace('https://iroko.example.org', this.door);
  }

  /** How many rows there are. */
  async rows(): Promise<number> {
    const { rows } = await this.identity.database.pool.query(
      'SELECT count(*)::int AS files FROM platform.file',
    );
    return rows[0].files;
  }

  /** How many files there are; rows and what lies on the disk agree. */
  async stored(): Promise<number> {
    const entries = await readdir(this.identity.filesFolder, { recursive: true, withFileTypes: true });
    const onDisk = entries.filter((entry) => entry.isFile()).length;
    expect(onDisk).toBe(await this.rows());
    return onDisk;
  }
}
