/**
 * Cursors of lists. To a client they are opaque; inside are the keys of the last item, under a MAC that also covers
 * which list, account, sort, filters and version they belong to. So a cursor of another list is refused instead of
 * giving a page that means nothing.
 */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { badInput } from '@iroko/errors';

/** What a cursor is bound to besides its keys; values are compared by their JSON. */
export interface CursorScope {
  /** The name of the list, such as `orgUnits`. */
  list: string;
  account: string;
  sort?: unknown;
  filter?: unknown;
  version?: string;
}

export type CursorKey = string | number | boolean | null;

const MAC_BYTES = 12;
const MAX_LENGTH = 2000;

export class Cursors {
  private readonly key: Buffer;

  /** `masterKey` has 32 bytes; the same key in every process makes cursors good everywhere. */
  constructor(masterKey: Buffer) {
    this.key = Buffer.from(hkdfSync('sha256', masterKey, '', 'iroko cursor', 32));
  }

  encode(scope: CursorScope, keys: readonly CursorKey[]): string {
    const body = Buffer.from(JSON.stringify(keys));
    return Buffer.concat([this.mac(scope, body), body]).toString('base64url');
  }

  /** The keys of the cursor. Throws BAD_USER_INPUT for one that is changed, foreign or of another sort or filter. */
  decode(scope: CursorScope, cursor: string): CursorKey[] {
    const bytes = cursor.length <= MAX_LENGTH ? Buffer.from(cursor, 'base64url') : Buffer.alloc(0);
    const body = bytes.subarray(MAC_BYTES);
    // Decoders pass over what is no base64url: only the text that was given out counts.
    const whole = bytes.length > MAC_BYTES && bytes.toString('base64url') === cursor;
    if (whole && timingSafeEqual(bytes.subarray(0, MAC_BYTES), this.mac(scope, body))) {
      return JSON.parse(body.toString()) as CursorKey[];
    }
    throw badInput(
      'This cursor does not belong to this list: it is from another list, sort, filter or version, or was changed. Begin again without `after`.',
      { path: ['after'] },
    );
  }

  private mac(scope: CursorScope, body: Buffer): Buffer {
    const bound = JSON.stringify([
      scope.list,
      scope.account,
      scope.sort ?? null,
      scope.filter ?? null,
      scope.version ?? null,
    ]);
    return createHmac('sha256', this.key)
      .update(bound)
      .update('\0')
      .update(body)
      .digest()
      .subarray(0, MAC_BYTES);
  }
}
