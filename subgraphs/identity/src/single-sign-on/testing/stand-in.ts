/**
 * A server that answers as a test says: a provider that lies, a DHIS2.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StandInRequest {
  method: string;
  url: URL;
  headers: IncomingMessage['headers'];
  body: URLSearchParams;
}

export interface StandInReply {
  status?: number;
  location?: string;
  json?: unknown;
  text?: string;
}

export class StandIn {
  readonly asked: StandInRequest[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async open(
    answer: (request: StandInRequest) => StandInReply | Promise<StandInReply>,
  ): Promise<StandIn> {
    let standIn: StandIn;
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const asked: StandInRequest = {
        method: request.method ?? '',
        url: new URL(request.url ?? '/', standIn.url),
        headers: request.headers,
        body: new URLSearchParams(Buffer.concat(chunks).toString()),
      };
      standIn.asked.push(asked);
      const { status = 200, location, json, text } = await answer(asked);
      response.writeHead(status, {
        'content-type': json === undefined ? 'text/html' : 'application/json',
        ...(location === undefined ? {} : { location }),
      });
      response.end(json === undefined ? (text ?? '') : JSON.stringify(json));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    standIn = new StandIn(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return standIn;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
