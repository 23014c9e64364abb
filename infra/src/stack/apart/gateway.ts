/** The gateway in a process of its own: GraphQL over the subgraphs behind HTTP, and their other routes passed on. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChangeWatch } from '@iroko/changes';
import { createGateway } from '@iroko/gateway';
import { accountSlug } from '@iroko/viewer';
import { readBuild } from '../build-info';
import { liveContext } from '../live-context';
import { createSubgraphs } from '../subgraphs';
import { runApart } from './apart-process';
import { forwarded } from './forward';

export async function main(): Promise<void> {
  await runApart('gateway', async ({ settings, log, services, opened }) => {
    // Only for what they serve beside GraphQL; no request reaches these objects and no connection is opened.
    const subgraphs = createSubgraphs(services);
    const watch = new ChangeWatch(services.platform, log);
    opened.add(() => watch.close());
    const urlOf = (name: string) => settings.subgraphUrls[name] ?? `http://${name}:4001/graphql`;
    const gateway = await createGateway({
      supergraphSdl: readFileSync(join(__dirname, '../../../../gateway/supergraph.graphql'), 'utf8'),
      subgraphs: subgraphs.map(({ name }) => ({ name, url: urlOf(name) })),
      settings,
      log,
      build: readBuild(),
      checks: [{ name: 'database', check: () => services.platform.check() }],
      context: async (request) => {
        // For the count of requests alone: each subgraph finds out for itself who asks.
        const viewer = await request.viewer();
        return {
          client: viewer.tokenId ?? viewer.userId ?? undefined,
          requestId: request.requestId,
          authorization: request.headers.authorization,
          account: accountSlug(request.headers, settings.accountHostSuffix),
          remoteAddress: request.remoteAddress,
          ...liveContext(viewer),
        };
      },
      watch: (account, wake) => watch.watch(account, wake),
    });
    opened.add(() => gateway.stop());
    const others = subgraphs.flatMap(({ name, routes }) =>
      routes.map((route) => forwarded(route, name, urlOf(name))),
    );
    return { routes: [...gateway.routes, ...others], sockets: gateway.sockets, checks: [] };
  });
}
