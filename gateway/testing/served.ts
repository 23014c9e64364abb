/**
 * A gateway behind a real HTTP server on a free port, for the length of a test file.
 */
import { createHttpServer, type HttpRequest, type HttpServer } from '@iroko/http';
import { readSettings, type Settings } from '@iroko/settings';
import { silentLogger } from '@iroko/telemetry';
import { ANONYMOUS } from '@iroko/viewer';
import type { GatewayOptions } from '../src/index';
import { createGateway, type Gateway, type GatewayContext, type GatewaySubgraph } from '../src/index';

export interface ServedOptions extends Partial<Omit<GatewayOptions<GatewayContext>, 'settings'>> {
  supergraphSdl: string;
  subgraphs: readonly GatewaySubgraph[];
  settings?: Partial<Settings>;
}

export function plainContext({ requestId, headers }: HttpRequest): Promise<GatewayContext> {
  return Promise.resolve({ requestId, authorization: headers.authorization });
}

/** Starts before the tests and stops after them. */
export function served(make: () => ServedOptions): { url(): string; gateway(): Gateway } {
  let gateway: Gateway | undefined;
  let http: HttpServer | undefined;
  let port = 0;
  beforeAll(async () => {
    const { settings, ...options } = make();
    gateway = await createGateway({
      log: silentLogger,
      context: plainContext,
      ...options,
      settings: { ...readSettings({}), ...settings },
    });
    http = createHttpServer({ routes: gateway.routes, viewerOf: async () => ANONYMOUS, log: silentLogger });
    port = await http.listen('127.0.0.1', 0);
  });
  afterAll(async () => {
    await http?.close(0);
    await gateway?.stop();
  });
  return {
    url: () => `http://127.0.0.1:${port}`,
    gateway: () => gateway as Gateway,
  };
}
