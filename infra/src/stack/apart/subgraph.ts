/** One subgraph in a process of its own: GraphQL for the gateway or another router, its routes, and a sealer. */
import { Sealer } from '@iroko/changes';
import { subgraphRoutes, subgraphSockets } from '@iroko/graph';
import { SettingsError } from '@iroko/settings';
import { createSubgraphs, HOSTED_NAMES } from '../subgraphs';
import { runApart } from './apart-process';

/** @param arguments_ the name of the subgraph */
export async function main(arguments_: readonly string[]): Promise<void> {
  const name = HOSTED_NAMES.find((known) => known === arguments_[0]);
  if (!name) {
    throw new SettingsError([
      `Which subgraph? One of ${HOSTED_NAMES.join(', ')}, not ${JSON.stringify(arguments_[0])}.`,
    ]);
  }
  await runApart(`subgraph ${name}`, async ({ services, opened, log }) => {
    // What is written here is sealed here, which spares its readers a way to the workers.
    const sealer = new Sealer(services.platform, log);
    opened.add(() => sealer.stop());
    await sealer.start();
    const subgraphs = createSubgraphs(services, [name]);
    for (const subgraph of subgraphs) {
      opened.add(async () => subgraph.stop?.());
      await subgraph.start?.();
    }
    return {
      routes: subgraphs.flatMap(subgraphRoutes),
      sockets: subgraphs.flatMap(subgraphSockets),
      checks: services.subgraphChecks(),
    };
  });
}
