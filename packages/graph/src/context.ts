/**
 * What a resolver is given: the viewer, the handle to that viewer's account, and loaders that batch for the length
 * of one request.
 */
import type { AccountDatabase, Database } from '@iroko/database';
import type { Logger } from '@iroko/telemetry';
import { actorOf, type Viewer } from '@iroko/viewer';
import DataLoader from 'dataloader';

/** One request as a subgraph receives it, in process as over HTTP. */
export interface GraphRequest {
  readonly viewer: Viewer;
  readonly requestId: string;
  readonly log: Logger;
  /** The client's address as the transport knows it (behind trusted proxies the forwarded one); no header of its own. */
  readonly remoteAddress?: string | undefined;
  /** The same request as if it came now, for what goes on longer than the rights of its first moment may hold. */
  renewed?(): Promise<GraphRequest>;
  /** Aborted when nobody waits for the answers any more; only for subscriptions. */
  readonly signal?: AbortSignal | undefined;
}

export class RequestContext<Services = unknown> implements GraphRequest {
  readonly viewer: Viewer;
  readonly requestId: string;
  readonly log: Logger;
  readonly remoteAddress: string | undefined;
  readonly signal: AbortSignal | undefined;
  private handle: AccountDatabase | undefined;
  private readonly loaders = new Map<string, unknown>();

  constructor(
    private readonly request: GraphRequest,
    readonly services: Services,
    private readonly database: Pick<Database, 'forAccount'>,
  ) {
    this.viewer = request.viewer;
    this.requestId = request.requestId;
    this.log = request.log;
    this.remoteAddress = request.remoteAddress;
    this.signal = request.signal;
  }

  /** A context with the viewer as they are now. Throws UNAUTHENTICATED when the token no longer holds. */
  async now(): Promise<RequestContext<Services>> {
    const request = (await this.request.renewed?.()) ?? this.request;
    return new RequestContext(request, this.services, this.database);
  }

  /** The account handle of the viewer. Throws UNAUTHENTICATED for a viewer without an account. */
  get db(): AccountDatabase {
    this.handle ??= this.database.forAccount(actorOf(this.viewer, this.requestId));
    return this.handle;
  }

  /**
   * The loader of that name, made at its first use in this request. `batch` answers in the order of its keys;
   * keys that are not strings or numbers need `keyOf`.
   */
  loader<Key, Value>(
    name: string,
    batch: (keys: readonly Key[]) => Promise<readonly (Value | Error)[]>,
    keyOf?: (key: Key) => string,
  ): DataLoader<Key, Value, unknown> {
    const known = this.loaders.get(name);
    if (known) return known as DataLoader<Key, Value, unknown>;
    const made = new DataLoader<Key, Value, unknown>(
      batch as DataLoader.BatchLoadFn<Key, Value>,
      keyOf ? { cacheKeyFn: keyOf } : {},
    );
    this.loaders.set(name, made);
    return made;
  }
}

/** Puts rows into the order of the ids that were asked for; `undefined` where there is none. */
export function inOrderOf<Row>(
  ids: readonly string[],
  rows: readonly Row[],
  idOf: (row: Row) => string,
): (Row | undefined)[] {
  const byId = new Map(rows.map((row) => [idOf(row), row]));
  return ids.map((id) => byId.get(id));
}

/** Gathers rows under the id they belong to, in the order of the ids; an empty list where there are none. */
export function groupedBy<Row>(
  ids: readonly string[],
  rows: readonly Row[],
  idOf: (row: Row) => string,
): Row[][] {
  const groups = new Map<string, Row[]>(ids.map((id) => [id, []]));
  for (const row of rows) groups.get(idOf(row))?.push(row);
  return ids.map((id) => groups.get(id) ?? []);
}
