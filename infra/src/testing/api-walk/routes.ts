/**
 * Routes with ids in their paths: which parameters are ids, of what, and a request with them.
 */
import type { Route } from '@iroko/http';
import { ID_TYPES, PROOFS_IN_PATHS } from './examples';
import { type Asker, headersOf } from './stage';

export interface IdParameter {
  name: string;
  coordinate: string;
  /** The type whose id it takes: said in the examples, or by its name, or by the word before it. */
  type: string;
}

export function idParameters({ path }: Pick<Route, 'path'>): IdParameter[] {
  const segments = path.split('/');
  return segments.flatMap((segment, index) => {
    const name = /^:(\w+)/.exec(segment)?.[1];
    if (!name || name in PROOFS_IN_PATHS) return [];
    const noun = name === 'id' ? (segments[index - 1] ?? '').replace(/s$/, '') : name.replace(/Id$/, '');
    const coordinate = `${path} (${name})`;
    const type = ID_TYPES[coordinate] ?? noun.charAt(0).toUpperCase() + noun.slice(1);
    return [{ name, coordinate, type }];
  });
}

export interface ReplySeen {
  status: number;
  contentType: string | null;
  body: string;
}

/** `values` fills the parameters by name; one without a value is filled with a word that never was one. */
export async function askRoute(
  address: string,
  { method, path }: Pick<Route, 'method' | 'path'>,
  values: Readonly<Record<string, string>>,
  asker: Asker,
): Promise<ReplySeen> {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(values[name] ?? 'none'));
  const response = await fetch(address + filled, {
    method,
    headers: { ...headersOf(asker) },
    redirect: 'manual',
    ...(method === 'POST' || method === 'PUT' ? { body: 'x' } : {}),
  });
  return {
    status: response.status,
    contentType: response.headers.get('content-type'),
    body: await response.text(),
  };
}

/** The proofs that an account has of its own, by the names of their parameters. */
export function ownProofs(ids: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(PROOFS_IN_PATHS).map(([name, record]) => [name, ids.get(record) ?? 'none']),
  );
}
