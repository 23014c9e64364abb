/**
 * Cursors of the log: an account and a position, readable to nobody else.
 *
 * The MAC covers the account, so a cursor of another account, a changed one and a made-up one are refused alike.
 */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { badInput } from '@iroko/errors';

const MAC_BYTES = 16;
const POSITION_BYTES = 8;

export class ChangeCursors {
  private readonly key: Buffer;

  constructor(masterKey: Buffer) {
    this.key = Buffer.from(hkdfSync('sha256', masterKey, '', 'iroko change cursor 1', 32));
  }

  encode(accountId: string, position: number): string {
    const place = Buffer.alloc(POSITION_BYTES);
    place.writeBigUInt64BE(BigInt(position));
    return Buffer.concat([place, this.mac(accountId, place)]).toString('base64url');
  }

  /** The position. Throws BAD_USER_INPUT for anything that `encode` did not make for this account. */
  decode(accountId: string, cursor: string, path: string[] = ['after']): number {
    const bytes = Buffer.from(cursor, 'base64url');
    const place = bytes.subarray(0, POSITION_BYTES);
    const mac = bytes.subarray(POSITION_BYTES);
    if (
      bytes.toString('base64url') !== cursor ||
      mac.length !== MAC_BYTES ||
      !timingSafeEqual(mac, this.mac(accountId, place))
    ) {
      throw badInput(
        'This is not a cursor of the log of this account. Give one that `changes` answered, or none to begin at the start.',
        { path },
      );
    }
    return Number(place.readBigUInt64BE());
  }

  private mac(accountId: string, place: Buffer): Buffer {
    return createHmac('sha256', this.key).update(accountId).update(place).digest().subarray(0, MAC_BYTES);
  }
}
