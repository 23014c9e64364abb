/**
 * What every process has in common when gateway, subgraphs and workers run apart: settings, which here must name
 * the database and the key that all of them share, a server for requests and health, and an orderly end.
 */
import { usableRoles } from '@iroko/database';
import { healthRoutes, type ReadinessCheck } from '@iroko/gateway';
import { createHttpServer, type Route, type SocketRoute } from '@iroko/http';
import { readSettings, type Settings, SettingsError } from '@iroko/settings';
import { createLogger, type Logger } from '@iroko/telemetry';
import { readBuild } from '../build-info';
import { serveMetrics } from '../metrics-server';
import { Opened } from '../opened';
import { openServices, type StackServices } from '../services';
import { openStackDatabase } from '../stack-database';
import { onStop, tellReady } from '../starter';

export interface ApartProcess {
  readonly settings: Settings;
  readonly log: Logger;
  readonly services: StackServices;
  /** Closed in the opposite order when the process ends. */
  readonly opened: Opened;
}

export interface Served {
  /** Routes beside `/health` and `/ready`, which are added unless `routes` has them. */
  readonly routes: readonly Route[];
  readonly sockets?: readonly SocketRoute[];
  readonly checks: readonly ReadinessCheck[];
}

/** Runs a process until it is asked to stop. `work` opens what it needs and answers what it serves. */
export async function runApart(
  name: string,
  work: (process: ApartProcess) => Promise<Served>,
): Promise<void> {
  const settings = sharedSettings(name);
  const log = createLogger({ level: settings.logLevel }).child({ process: name });
  const opened = new Opened();
  onStop(() => opened.closeAll());
  try {
    const database = await openStackDatabase(settings);
    const services = openServices(settings, database.url, log, await usableRoles(database.url));
    opened.add(() => services.close());
    const { routes, sockets, checks } = await work({ settings, log, services, opened });
    const all = [{ name: 'database', check: () => services.platform.check() }, ...checks];
    const url = await serve(
      { settings, log, services, opened },
      { routes, sockets: sockets ?? [], checks: all },
    );
    log.info({ url }, 'ready');
    tellReady({ url });
  } catch (error) {
    await opened.closeAll();
    throw error;
  }
}

async function serve(
  { settings, log, services, opened }: ApartProcess,
  { routes, sockets, checks }: Required<Served>,
): Promise<string> {
  const known = routes.some(({ path }) => path === '/ready');
  const server = createHttpServer({
    routes: known ? routes : [...routes, ...healthRoutes(readBuild(), checks, log)],
    sockets,
    viewerOf: (headers, from) => services.viewers.fromHeaders(headers, from),
    log,
    trustProxy: settings.trustProxy,
  });
  const port = await server.listen(settings.host, settings.port);
  opened.add(() => server.close());
  if (settings.metricsPort !== undefined) {
    const metrics = await serveMetrics(settings.metricsPort);
    opened.add(() => metrics.close());
  }
  return `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}/`;
}

/** Processes apart share one database and one key, and links in their answers lead to the gateway. */
function sharedSettings(name: string): Settings {
  const settings = readSettings();
  const needed = {
    DATABASE_URL: settings.databaseUrl,
    MASTER_KEY: settings.masterKey,
    PUBLIC_URL: settings.publicUrl,
  };
  const missing = Object.entries(needed).filter(([, value]) => value === undefined);
  if (missing.length === 0) return settings;
  throw new SettingsError(
    missing.map(([setting]) => `${setting} is missing: ${name} runs apart and shares it with the others.`),
  );
}
