/**
 * Gateway, subgraphs and workers in one process: what `npm start` runs.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChangeWatch, Sealer } from '@iroko/changes';
import { usableRoles } from '@iroko/database';
import { createGateway } from '@iroko/gateway';
import { createHttpServer, type HttpRequest, type Route } from '@iroko/http';
import { mailPageRoute } from '@iroko/identity';
import { JobWorker } from '@iroko/jobs';
import { readSettings, type Settings } from '@iroko/settings';
import { createLogger, type Logger } from '@iroko/telemetry';
import type { RequestSource } from '@iroko/viewer';
import { demoAtStart } from '../demo/demo-at-start';
import { readBuild } from './build-info';
import { type HostedSubgraph, inProcess, type StackRequest } from './hosted';
import { liveContext } from './live-context';
import { withMasterKey } from './master-key';
import { serveMetrics } from './metrics-server';
import { Opened } from './opened';
import { openServices, type StackServices } from './services';
import { openStackDatabase } from './stack-database';
import { onStop, tellProgress, tellReady } from './starter';
import { createSubgraphs } from './subgraphs';

const JOBS_GRACE_MS = 10_000;

export interface Stack {
  /** The address of the door, with a slash at the end. */
  readonly url: string;
  readonly services: StackServices;
  readonly subgraphs: readonly HostedSubgraph[];
  stop(): Promise<void>;
}

/** Starts everything over a migrated database. `settings.masterKey` must be there. */
export async function startStack(
  settings: Settings,
  databaseUrl: string,
  log: Logger,
  moreRoutes: (services: StackServices) => readonly Route[] = () => [],
): Promise<Stack> {
  const opened = new Opened();
  try {
    const services = openServices(settings, databaseUrl, log, await usableRoles(databaseUrl));
    opened.add(() => services.close());
    const subgraphs = createSubgraphs(services);
    const worker = await startWork(services, subgraphs, settings, log, opened);
    const others = [...subgraphs.flatMap(({ routes }) => routes), ...moreRoutes(services)];
    const url = await openDoor(services, subgraphs, others, worker, settings, log, opened);
    services.reachedAt(url);
    return { url, services, subgraphs, stop: () => opened.closeAll() };
  } catch (error) {
    await opened.closeAll();
    throw error;
  }
}

async function startWork(
  services: StackServices,
  subgraphs: readonly HostedSubgraph[],
  settings: Settings,
  log: Logger,
  opened: Opened,
): Promise<JobWorker> {
  const sealer = new Sealer(services.platform, log);
  opened.add(() => sealer.stop());
  await sealer.start();
  for (const subgraph of subgraphs) {
    opened.add(async () => subgraph.stop?.());
    await subgraph.start?.();
  }
  const worker = new JobWorker({
    database: services.platform,
    viewers: services.viewers,
    jobs: subgraphs.flatMap((subgraph) => subgraph.jobs ?? []),
    log,
    redisUrl: settings.redisUrl,
    concurrency: settings.jobConcurrency,
  });
  opened.add(() => worker.stop(JOBS_GRACE_MS));
  await worker.start();
  return worker;
}

async function openDoor(
  services: StackServices,
  subgraphs: readonly HostedSubgraph[],
  others: readonly Route[],
  worker: JobWorker,
  settings: Settings,
  log: Logger,
  opened: Opened,
): Promise<string> {
  const viewerOf = (headers: HttpRequest['headers'], from: RequestSource) =>
    services.viewers.fromHeaders(headers, from);
  const watch = new ChangeWatch(services.platform, log);
  opened.add(() => watch.close());
  const gateway = await createGateway<StackRequest>({
    supergraphSdl: readFileSync(join(__dirname, '../../../gateway/supergraph.graphql'), 'utf8'),
    subgraphs: subgraphs.map(inProcess),
    settings,
    log,
    build: readBuild(),
    checks: [
      { name: 'database', check: () => services.platform.check() },
      { name: 'queue', check: () => worker.check() },
      ...services.subgraphChecks(),
    ],
    context: async (request) => {
      const viewer = await request.viewer();
      return {
        viewer,
        client: viewer.tokenId ?? viewer.userId ?? undefined,
        requestId: request.requestId,
        authorization: request.headers.authorization,
        log: request.log,
        remoteAddress: request.remoteAddress,
        contexts: new Map(),
        ...liveContext(viewer),
      };
    },
    watch: (account, wake) => watch.watch(account, wake),
  });
  opened.add(() => gateway.stop());
  const routes = [...gateway.routes, ...others];
  const server = createHttpServer({
    routes,
    sockets: gateway.sockets,
    viewerOf,
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

/** Runs until asked to stop. */
export async function main(): Promise<void> {
  const settings = withMasterKey(readSettings());
  const log = createLogger({ level: settings.logLevel });
  const database = await openStackDatabase(settings);
  let stack: Stack | undefined;
  onStop(async () => {
    await stack?.stop();
    await database.stop();
  });
  tellProgress('Starting the services');
  // Whoever tries Iroko on their own machine reads here what it would have mailed.
  const showsMails = database.embedded && settings.nodeEnv === 'development' && !settings.smtpUrl;
  stack = await startStack(settings, database.url, log, ({ platform }) =>
    showsMails ? [mailPageRoute(platform)] : [],
  );
  const demo = await demoAtStart({
    settings,
    embedded: database.embedded,
    url: stack.url,
    database: stack.services.platform,
    log,
    progress: tellProgress,
  });
  tellReady({ url: stack.url, ...(demo && { demo, query: demo.query }) });
}
