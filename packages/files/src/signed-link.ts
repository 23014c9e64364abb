/**
 * Links that open one file for a while, without a token: browsers and notebooks can follow them. The signature
 * covers account, file and end, so nothing of it can be exchanged.
 */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

export interface LinkedFile {
  accountId: string;
  id: string;
}

export type LinkCheck = { ok: true; accountId: string } | { ok: false; reason: 'INVALID' | 'EXPIRED' };

/** Long enough for a slow line to begin a download, short enough for a link that was passed on. */
export const LINK_SECONDS = 900;

export class LinkSigner {
  private readonly key: Buffer;

  constructor(masterKey: Buffer) {
    this.key = Buffer.from(hkdfSync('sha256', masterKey, '', 'iroko file link', 32));
  }

  /** Path and query of the link. `at` is in milliseconds since 1970. */
  pathFor(file: LinkedFile, at: number, seconds = LINK_SECONDS): string {
    const expires = String(Math.floor(at / 1000) + seconds);
    const query = new URLSearchParams({
      account: file.accountId,
      expires,
      signature: this.signature(file, expires).toString('base64url'),
    });
    return `/files/${file.id}?${query}`;
  }

  check(fileId: string, query: URLSearchParams, at: number): LinkCheck {
    const accountId = query.get('account') ?? '';
    const expires = query.get('expires') ?? '';
    const signature = query.get('signature') ?? '';
    const given = Buffer.from(signature, 'base64url');
    const right = this.signature({ accountId, id: fileId }, expires);
    // Decoders pass over what is no base64url: only the text that was given out counts.
    const whole = given.length === right.length && given.toString('base64url') === signature;
    if (!whole || !timingSafeEqual(given, right)) return { ok: false, reason: 'INVALID' };
    return Number(expires) * 1000 > at ? { ok: true, accountId } : { ok: false, reason: 'EXPIRED' };
  }

  private signature({ accountId, id }: LinkedFile, expires: string): Buffer {
    return createHmac('sha256', this.key)
      .update(JSON.stringify([accountId, id, expires]))
      .digest();
  }
}
