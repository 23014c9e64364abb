/**
 * The supergraph: the four subgraphs as one schema, with the notes a router needs to plan by. It is composed at
 * build time and committed, so that a subgraph that no longer fits is seen in review and not at the first query.
 */
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

export interface SubgraphSource {
  readonly name: string;
  /** The subgraph's schema with its federation directives. */
  readonly sdl: string;
  /** Where it is reached when it runs apart; also other routers read it. */
  readonly url: string;
}

/** The subgraphs do not fit together. The message has one line for each reason. */
export class CompositionError extends Error {
  override name = 'CompositionError';
  constructor(readonly reasons: readonly string[]) {
    super(`The subgraphs do not compose:\n${reasons.map((reason) => `  ${reason}`).join('\n')}`);
  }
}

/** The supergraph's SDL. Throws CompositionError naming, for each reason, its code, its subgraphs and places. */
export function composeSupergraph(subgraphs: readonly SubgraphSource[]): string {
  const services = subgraphs.map(({ name, sdl, url }) => ({ name, url, typeDefs: parseSubgraph(name, sdl) }));
  const result = composeServices(services);
  if (result.errors) throw new CompositionError(result.errors.map(describe));
  return `${result.supergraphSdl.trimEnd()}\n`;
}

function parseSubgraph(name: string, sdl: string) {
  try {
    return parse(sdl);
  } catch (error) {
    throw new CompositionError([`${name}: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

interface CompositionReason {
  readonly message: string;
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly nodes?: ReadonlyArray<{ subgraph?: string; loc?: { startToken: { line: number } } }>;
}

function describe(error: CompositionReason): string {
  const code = typeof error.extensions.code === 'string' ? `${error.extensions.code}: ` : '';
  const places = (error.nodes ?? []).flatMap((node) =>
    node.subgraph && node.loc ? [`${node.subgraph} line ${node.loc.startToken.line}`] : [],
  );
  return `${code}${error.message}${places.length > 0 ? ` (${places.join(', ')})` : ''}`;
}
