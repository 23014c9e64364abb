/**
 * LISTEN on a connection of its own, opened at the first use and opened again when it breaks. All pools of a process on
 * one database share it: each notification wakes every connection that listens.
 *
 * A notification only wakes: whoever listens also looks by itself from time to time, so a lost one costs a delay
 * and never data.
 */
import pg from 'pg';

type Handler = (payload: string) => void;

const RECONNECT_MS = 1000;

const shared = new Map<string, { connection: ListeningConnection; users: number }>();

/** What one pool listens to. */
export class Listener {
  private readonly stops = new Set<() => Promise<void>>();
  private readonly connection: ListeningConnection;
  private closed = false;

  constructor(private readonly url: string) {
    const known = shared.get(url) ?? { connection: new ListeningConnection(url, 'iroko listener'), users: 0 };
    known.users += 1;
    shared.set(url, known);
    this.connection = known.connection;
  }

  async listen(channel: string, handler: Handler): Promise<() => Promise<void>> {
    // A function of its own, so that two pools may listen with the same one.
    const stop = await this.connection.listen(channel, (payload) => handler(payload));
    const once = async () => {
      if (this.stops.delete(once)) await stop();
    };
    this.stops.add(once);
    return once;
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    for (const stop of this.stops) await stop();
    const known = shared.get(this.url);
    if (!known) return;
    known.users -= 1;
    if (known.users > 0) return;
    shared.delete(this.url);
    await known.connection.close();
  }
}

class ListeningConnection {
  private readonly handlers = new Map<string, Set<Handler>>();
  private client: Promise<pg.Client> | undefined;
  private retry: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly url: string,
    private readonly name: string,
  ) {}

  async listen(channel: string, handler: Handler): Promise<() => Promise<void>> {
    const known = this.handlers.get(channel);
    if (known) known.add(handler);
    else this.handlers.set(channel, new Set([handler]));
    const client = await this.connected();
    if (!known) await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
    return async () => {
      this.handlers.get(channel)?.delete(handler);
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.retry);
    const client = await this.client?.catch(() => undefined);
    await client?.end().catch(() => undefined);
  }

  private connected(): Promise<pg.Client> {
    this.client ??= this.connect();
    return this.client;
  }

  private async connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.url,
      application_name: this.name,
      keepAlive: true,
    });
    client.on('notification', ({ channel, payload }) => {
      for (const handler of this.handlers.get(channel) ?? []) handler(payload ?? '');
    });
    client.on('error', () => this.reconnect());
    client.on('end', () => this.reconnect());
    await client.connect();
    for (const channel of this.handlers.keys()) await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
    return client;
  }

  private reconnect(): void {
    if (this.closed || this.retry) return;
    this.client = undefined;
    this.retry = setTimeout(() => {
      this.retry = undefined;
      // What was missed meanwhile is unknown, so everybody looks.
      this.connected()
        .then(() => this.wakeAll())
        .catch(() => this.reconnect());
    }, RECONNECT_MS);
    this.retry.unref();
  }

  private wakeAll(): void {
    for (const handlers of this.handlers.values()) for (const handler of handlers) handler('');
  }
}
