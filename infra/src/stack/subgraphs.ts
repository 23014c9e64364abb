/**
 * The subgraphs there are. A new one is added here and nowhere else.
 */
import { createDatasets } from '@iroko/datasets';
import { createGeoregistry } from '@iroko/georegistry';
import { createIdentity } from '@iroko/identity';
import { createSubmissions } from '@iroko/submissions';
import type { HostedSubgraph } from './hosted';
import type { StackServices } from './services';

export function createSubgraphs(services: Pick<StackServices, 'forSubgraph'>): HostedSubgraph[] {
  return [
    createIdentity(services.forSubgraph('identity')),
    createGeoregistry(services.forSubgraph('georegistry')),
    createDatasets(services.forSubgraph('datasets')),
    createSubmissions(services.forSubgraph('submissions')),
  ];
}
