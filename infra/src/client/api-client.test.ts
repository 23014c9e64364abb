import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiClient, Refusal, Unreachable } from './api-client';

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

async function serving(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/below/`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

describe('the client of the API', () => {
  it('sends its token and asks below the address it was given', async () => {
    const seen: unknown[] = [];
    const url = await serving(async (request, response) => {
      seen.push(request.url, request.headers.authorization, JSON.parse(await bodyOf(request)).variables);
      response.end('{"data":{"me":1}}');
    });
    expect(await new ApiClient(url, 'iroko_x').graphql('{ me }', { a: 1 })).toEqual({ me: 1 });
    expect(seen).toEqual(['/below/graphql', 'Bearer iroko_x', { a: 1 }]);
  });

  it('turns an error of the API into a refusal with its code and details', async () => {
    const url = await serving((_, response) => {
      response.end(
        '{"errors":[{"message":"Held.","extensions":{"code":"CONFLICT","details":{"jobId":"j"}}}]}',
      );
    });
    const refusal = await new ApiClient(url).graphql('{ me }').catch((error) => error);
    expect(refusal).toBeInstanceOf(Refusal);
    expect(refusal).toMatchObject({ message: 'Held.', code: 'CONFLICT', details: { jobId: 'j' } });
  });

  it('says when nobody answers, and when somebody else does', async () => {
    const asked = new ApiClient('http://127.0.0.1:1/').graphql('{ me }');
    await expect(asked).rejects.toBeInstanceOf(Unreachable);
    await expect(asked).rejects.toThrow('http://127.0.0.1:1/ cannot be reached');
    const url = await serving((_, response) => response.writeHead(200).end('<html>It works!</html>'));
    await expect(new ApiClient(url).graphql('{ me }')).rejects.toThrow(/is not Iroko/);
  });

  it('streams a file from disk under its name', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'iroko-cli-')), 'écoles 1.csv');
    const content = 'name\n'.repeat(100_000);
    writeFileSync(path, content);
    const seen: unknown[] = [];
    const url = await serving(async (request, response) => {
      const body = await bodyOf(request);
      seen.push(new URL(request.url ?? '', 'http://x').searchParams.get('name'), body === content);
      response.end('{"id":"f1"}');
    });
    expect(await new ApiClient(url).uploadFile(path)).toBe('f1');
    expect(seen).toEqual(['écoles 1.csv', true]);
  });
});
