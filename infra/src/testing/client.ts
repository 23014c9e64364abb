/**
 * A client as partners write one: GraphQL over HTTP with a bearer token, uploads and downloads, waiting for jobs.
 */
export interface GraphQLAnswer<Data> {
  data?: Data | null;
  errors?: {
    message: string;
    path?: (string | number)[];
    extensions: { code: string; details: Record<string, unknown> };
  }[];
}

export interface UploadedFile {
  id: string;
  name: string;
  size: number;
  sha256: string;
  contentType: string;
}

// biome-ignore lint/suspicious/noExplicitAny: a test reads the answer of its own query
type AnyData = any;

const POLL_MS = 50;

export class Client {
  constructor(
    private readonly url: string,
    private readonly token?: string,
  ) {}

  /** The answer as it came, errors included. */
  async ask<Data = AnyData>(
    query: string,
    variables: Record<string, unknown> = {},
  ): Promise<GraphQLAnswer<Data>> {
    const response = await this.fetch('graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as GraphQLAnswer<Data>;
  }

  /** The data; an error in the answer fails the test with its message. */
  async data<Data = AnyData>(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
    const { data, errors } = await this.ask<Data>(query, variables);
    if (errors?.length)
      throw new Error(`${query.trim().split('\n')[0]} …: ${JSON.stringify(errors, null, 1)}`);
    return data as Data;
  }

  /** The code of the first error, for tests of refusals. */
  async code(query: string, variables: Record<string, unknown> = {}): Promise<string | undefined> {
    return (await this.ask(query, variables)).errors?.[0]?.extensions.code;
  }

  async upload(
    name: string,
    content: string | Uint8Array,
    contentType = 'application/octet-stream',
  ): Promise<UploadedFile> {
    const response = await this.fetch(`files?name=${encodeURIComponent(name)}`, {
      method: 'POST',
      headers: { 'content-type': contentType },
      body: content as RequestInit['body'],
    });
    if (!response.ok) throw new Error(`Upload of ${name}: ${response.status} ${await response.text()}`);
    return (await response.json()) as UploadedFile;
  }

  /** The job when it has ended, however it ended. */
  async finished(jobId: string): Promise<AnyData> {
    for (;;) {
      const { job } = await this.data(
        `query ($id: ID!) { job(id: $id) { id name status result error { code message } progress { done total unit message } } }`,
        { id: jobId },
      );
      if (['SUCCEEDED', 'FAILED', 'CANCELLED'].includes(job.status)) return job;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** The result of a job that must succeed. */
  async result(jobId: string): Promise<AnyData> {
    const job = await this.finished(jobId);
    if (job.status !== 'SUCCEEDED')
      throw new Error(`${job.name} ended as ${job.status}: ${JSON.stringify(job.error)}`);
    return job.result;
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.token) headers.set('authorization', `Bearer ${this.token}`);
    return fetch(new URL(path, this.url), { ...init, headers });
  }
}
