/**
 * What the log tells of API tokens: their first use, use from a place that is new to them, use after a long pause, and
 * that somebody sent one that proves nothing any more. A request writes nothing for it: each process tells the
 * database of a token and a place once a minute, and the database says when there is something for the log.
 */
import { personal, recordChange } from '@iroko/changes';
import { type Database, newId } from '@iroko/database';
import { BoundedCache } from './bounded-cache';
import { noteTokenRefusal, noteTokenUse } from './contract.sql';
import type { Viewer } from './viewer';

/** There is no point in telling the database oftener. */
const NOTED_MS = 60_000;
const NOTED_MAX = 10_000;

/** Where a request came from, and which one it was; what is not known is left out. */
export interface RequestSource {
  /** The address as it is counted; asked for only where an API token is used. */
  readonly source?: () => string;
  readonly requestId?: string;
}

export class TokenUse {
  private readonly noted: BoundedCache<true>;

  constructor(
    private readonly database: Database,
    private readonly now: () => number,
  ) {
    this.noted = new BoundedCache(NOTED_MAX, now);
  }

  /** Not waited for: a request is not slower, nor does it fail, because of what is only told. */
  used({ accountId, tokenId, userId }: Viewer, from: RequestSource): void {
    if (!accountId || !tokenId) return;
    const source = from.source?.() ?? '';
    if (this.isNoted(`${tokenId} ${source}`)) return;
    this.database.system
      .transaction(async (tx) => {
        const reason = await noteTokenUse(tx, { accountId, tokenId, source });
        if (reason === null) return;
        const inside = tx.accountTransaction({
          accountId,
          tokenId,
          ...(userId === null ? {} : { userId }),
          requestId: from.requestId ?? newId(),
        });
        await recordChange(inside, {
          subjectType: 'ApiToken',
          subjectId: tokenId,
          action: 'USE',
          before: null,
          after: { reason, source: personal(source || null, userId ?? undefined) },
        });
      })
      .catch(() => undefined);
  }

  /** `reason` is the one that whoever sent it was told. One that never was is nobody's, and stands in no log. */
  refused(hash: Buffer, reason: 'revoked' | 'expired', from: RequestSource): void {
    const source = from.source?.() ?? '';
    if (this.isNoted(`refused ${hash.toString('base64')}`)) return;
    this.database.system
      .transaction(async (tx) => {
        const token = await noteTokenRefusal(tx, hash);
        if (!token) return;
        const { accountId, tokenId, userId } = token;
        await recordChange(tx.accountTransaction({ accountId, requestId: from.requestId ?? newId() }), {
          subjectType: 'ApiToken',
          subjectId: tokenId,
          action: 'REFUSE',
          before: null,
          after: { reason, source: personal(source || null, userId ?? undefined) },
        });
      })
      .catch(() => undefined);
  }

  private isNoted(key: string): boolean {
    if (this.noted.get(key)) return true;
    this.noted.set(key, true, this.now() + NOTED_MS);
    return false;
  }
}
