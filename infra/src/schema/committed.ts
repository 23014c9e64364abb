/**
 * The schemas that are committed: one per subgraph and the supergraph. They are the published contract, so a change
 * of the API is seen in review, and any federation router can serve the supergraph without running our code first.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeSupergraph } from '@iroko/gateway';
import type { Subgraph } from '@iroko/graph';
import { readSettings } from '@iroko/settings';
import { silentLogger } from '@iroko/telemetry';
import { openServices } from '../stack/services';
import { createSubgraphs } from '../stack/subgraphs';

const ROOT = join(__dirname, '../../..');

/** Where a router finds the subgraphs of the compose file in `infra/containers`. */
const urlOf = (name: string) => `http://${name}:4001/graphql`;

export interface SchemaFile {
  /** Below the root. */
  path: string;
  content: string;
}

/** What the code says the schemas are. Throws a CompositionError when the subgraphs do not fit together. */
export function renderSchemas(subgraphs: readonly Subgraph[] = unconnectedSubgraphs()): SchemaFile[] {
  const supergraph = composeSupergraph(subgraphs.map(({ name, sdl }) => ({ name, sdl, url: urlOf(name) })));
  return [
    ...subgraphs.map(({ name, sdl }) => ({ path: `subgraphs/${name}/schema.graphql`, content: sdl })),
    { path: 'gateway/supergraph.graphql', content: supergraph },
  ];
}

/** The files whose committed content differs from what the code says. */
export function staleSchemas(files = renderSchemas()): SchemaFile[] {
  return files.filter(({ path, content }) => readIfThere(join(ROOT, path)) !== content);
}

export function writeSchemas(files: readonly SchemaFile[]): void {
  for (const { path, content } of files) writeFileSync(join(ROOT, path), content);
}

/** Subgraphs over a database that is never connected to: their schemas need none. */
export function unconnectedSubgraphs() {
  const settings = readSettings({ MASTER_KEY: '0'.repeat(64) });
  return createSubgraphs(openServices(settings, 'postgresql://127.0.0.1:1/none', silentLogger, new Set()));
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
