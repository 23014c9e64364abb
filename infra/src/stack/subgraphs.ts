/**
 * The subgraphs there are. A new one is added here and nowhere else.
 */
import { createDatasets } from '@iroko/datasets';
import { createGeoregistry } from '@iroko/georegistry';
import type { SubgraphName } from '@iroko/graph';
import { createIdentity } from '@iroko/identity';
import { createSubmissions } from '@iroko/submissions';
import type { HostedSubgraph } from './hosted';
import type { StackServices, SubgraphServices } from './services';

const MAKERS = {
  identity: createIdentity,
  georegistry: createGeoregistry,
  datasets: createDatasets,
  submissions: createSubmissions,
} satisfies Partial<Record<SubgraphName, (services: SubgraphServices) => HostedSubgraph>>;

export type HostedName = keyof typeof MAKERS;

export const HOSTED_NAMES = Object.keys(MAKERS) as HostedName[];

/** All of them, or those named: a process apart hosts one. */
export function createSubgraphs(
  services: Pick<StackServices, 'forSubgraph'>,
  names: readonly HostedName[] = HOSTED_NAMES,
): HostedSubgraph[] {
  return names.map((name) => MAKERS[name](services.forSubgraph(name)));
}
