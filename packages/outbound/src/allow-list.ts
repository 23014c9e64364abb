/**
 * OUTBOUND_ALLOW: what the operator lets calls reach although it is not public. No account can change it.
 */
import { type BlockList, isIPv4 } from 'node:net';
import { rangeOf, unwrapped } from './addresses';

const HOST_AND_PORT = /^(\[[0-9a-f:.]+\]|[^\s/:[\]]+):(\d{1,5})$/i;

export class AllowList {
  private readonly ranges: BlockList[] = [];
  private readonly targets = new Set<string>();

  /** Throws for an entry that is neither a CIDR range nor host:port, so that a mistake is seen at the start. */
  constructor(entries: readonly string[]) {
    for (const entry of entries) {
      if (entry.includes('/')) this.ranges.push(checkedRange(entry));
      else this.targets.add(checkedTarget(entry));
    }
  }

  /** By the name in the URL and its port, wherever that name leads. */
  hasTarget(hostname: string, port: number): boolean {
    return this.targets.has(`${hostname}:${port}`);
  }

  hasAddress(address: string): boolean {
    const plain = unwrapped(address);
    return this.ranges.some((range) => range.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6'));
  }
}

function checkedRange(entry: string): BlockList {
  try {
    return rangeOf(entry);
  } catch {
    throw wrong(entry);
  }
}

/** As the URL parser writes the host, so that both sides are compared in one form. */
function checkedTarget(entry: string): string {
  const [, host = '', port = ''] = HOST_AND_PORT.exec(entry) ?? [];
  if (host === '' || Number(port) < 1 || Number(port) > 65_535 || !URL.canParse(`http://${host}/`)) {
    throw wrong(entry);
  }
  return `${new URL(`http://${host}/`).hostname}:${Number(port)}`;
}

const wrong = (entry: string) =>
  new Error(
    `OUTBOUND_ALLOW has ${JSON.stringify(entry)}; allowed are CIDR ranges such as 10.0.0.0/8 and host:port such as localhost:8080.`,
  );
