/**
 * The public API as a program uses it: GraphQL over HTTP with a bearer token, uploads from disk or memory. The
 * command line and the demo go through it, so what they do is what any client can do.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';

/** Iroko answered, and refused. */
export class Refusal extends Error {
  override name = 'Refusal';
  constructor(
    message: string,
    readonly code: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

/** Nobody answered, or somebody else than Iroko. */
export class Unreachable extends Error {
  override name = 'Unreachable';
}

interface Answer<Data> {
  data?: Data | null;
  errors?: { message: string; extensions?: { code?: string; details?: Record<string, unknown> } }[];
}

export class ApiClient {
  /** `url` ends with a slash; without a token one is anonymous. */
  constructor(
    readonly url: string,
    private readonly token?: string,
  ) {}

  /** The data of the answer. Throws Refusal for an error in it, and Unreachable. */
  async graphql<Data>(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
    const response = await this.send('graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body: JSON.stringify({ query, variables }),
    });
    const answer = await this.read<Answer<Data>>(response);
    refuseErrors(answer, response.status);
    if (!answer.data) throw new Unreachable(`${this.url} answered without data (status ${response.status}).`);
    return answer.data;
  }

  /** Uploads a file from disk, streamed; answers the id of the stored file. */
  async uploadFile(path: string): Promise<string> {
    const { size } = await stat(path);
    const content = Readable.toWeb(createReadStream(path)) as RequestInit['body'];
    return this.upload(basename(path), content, size);
  }

  uploadText(name: string, text: string): Promise<string> {
    return this.upload(name, text, Buffer.byteLength(text));
  }

  private async upload(name: string, body: RequestInit['body'], size: number): Promise<string> {
    const response = await this.send(`files?name=${encodeURIComponent(name)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream', 'content-length': String(size) },
      body,
      // What fetch demands for a body that is a stream; the types of Node 20 do not know it yet.
      ...({ duplex: 'half' } as object),
    });
    const answer = await this.read<{ id?: string } & Answer<never>>(response);
    refuseErrors(answer, response.status);
    if (!answer.id) throw new Unreachable(`${this.url} did not take the file (status ${response.status}).`);
    return answer.id;
  }

  private async send(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.token) headers.set('authorization', `Bearer ${this.token}`);
    try {
      return await fetch(new URL(path, this.url), { ...init, headers });
    } catch (error) {
      const cause = (error as { cause?: { code?: string; message?: string } }).cause;
      const reason = cause?.code ?? cause?.message ?? (error as Error).message;
      throw new Unreachable(`${this.url} cannot be reached (${reason}).`);
    }
  }

  private async read<Body>(response: Response): Promise<Body> {
    const text = await response.text();
    try {
      return JSON.parse(text) as Body;
    } catch {
      throw new Unreachable(
        `What answers at ${this.url} is not Iroko (status ${response.status}, ${text.length} characters).`,
      );
    }
  }
}

function refuseErrors(answer: Answer<unknown>, status: number): void {
  const [first] = answer.errors ?? [];
  if (first) {
    throw new Refusal(first.message, first.extensions?.code ?? `HTTP_${status}`, first.extensions?.details);
  }
}
