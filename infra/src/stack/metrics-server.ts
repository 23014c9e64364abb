/**
 * `/metrics` on a port of its own and the loopback address only: figures about all accounts are for the operator,
 * not for whoever reaches the door.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { renderMetrics } from '@iroko/telemetry';

export interface MetricsServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Port 0 takes a free one. */
export async function serveMetrics(port: number): Promise<MetricsServer> {
  const server = http.createServer(async (request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    const { contentType, body } = await renderMetrics();
    response.writeHead(200, { 'content-type': contentType }).end(body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
