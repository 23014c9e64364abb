import fc from 'fast-check';
import { CHAIN_START, type ChainEnd, chainHash, linkDefect, type SealedLink } from './chain';
import { ChangeCursors } from './cursor';

const digests = fc.array(
  fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes)),
  {
    minLength: 1,
    maxLength: 20,
  },
);

function links(all: Buffer[]): SealedLink[] {
  let end: ChainEnd = CHAIN_START;
  return all.map((digest, index) => {
    const position = end.position + 1;
    const link = { id: String(index), position, digest, previousHash: end.hash };
    end = { position, hash: chainHash(end.hash, position, digest) };
    return { ...link, hash: end.hash };
  });
}

function firstDefect(chain: SealedLink[]): number | undefined {
  let end = CHAIN_START;
  for (const link of chain) {
    if (linkDefect(end, link)) return end.position + 1;
    end = link;
  }
  return undefined;
}

describe('the chain of events', () => {
  it('holds as it was made', () => {
    fc.assert(fc.property(digests, (all) => expect(firstDefect(links(all))).toBeUndefined()));
  });

  it('breaks at the place where a byte is changed or a link is gone', () => {
    fc.assert(
      fc.property(digests, fc.nat(), fc.nat(31), fc.boolean(), (all, where, byte, remove) => {
        const chain = links(all);
        const at = where % chain.length;
        if (remove && at < chain.length - 1) chain.splice(at, 1);
        else {
          const digest = Buffer.from(chain[at]?.digest ?? []);
          digest[byte] = (digest[byte] ?? 0) ^ 1;
          chain[at] = { ...(chain[at] as SealedLink), digest };
        }
        expect(firstDefect(chain)).toBe(at + 1);
      }),
    );
  });
});

describe('a cursor of the log', () => {
  const cursors = new ChangeCursors(Buffer.alloc(32, 7));

  it('leads back to its position in its account', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.maxSafeNat(), (account, position) => {
        expect(cursors.decode(account, cursors.encode(account, position))).toBe(position);
      }),
    );
  });

  it.each([
    ['of another account', cursors.encode('a', 5)],
    ['made with another key', new ChangeCursors(Buffer.alloc(32, 8)).encode('b', 5)],
    ['changed', `${cursors.encode('b', 5).slice(0, -2)}AA`],
    ['made up', 'hello'],
    ['empty', ''],
    ['with something after it', `${cursors.encode('b', 5)}=`],
    ['very long', 'A'.repeat(100_000)],
  ])('is refused when it is %s', (_, cursor) => {
    expect(() => cursors.decode('b', cursor)).toThrow(/not a cursor of the log/);
  });
});
