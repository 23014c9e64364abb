/**
 * The subgraphs there are. A new one is added here and nowhere else.
 */
import { createIdentity } from '@iroko/identity';
import { createSubmissions } from '@iroko/submissions';
import type { HostedSubgraph } from './hosted';
import type { StackServices } from './services';

export function createSubgraphs(services: Pick<StackServices, 'forSubgraph'>): HostedSubgraph[] {
  return [
    createIdentity(services.forSubgraph('identity')),
    createSubmissions(services.forSubgraph('submissions')),
  ];
}
