/** Keeps a shape of an edit, once per content. */
import type { AccountTransaction } from '@iroko/database';
import { checkedShape } from './prepare-shape';
import { insertShape } from './shape.sql';

/** Stores the GeoJSON shape; answers its hash in hexadecimal digits. Throws BAD_USER_INPUT for one that is not valid. */
export async function storeShape(tx: AccountTransaction, value: object, path: string[]): Promise<string> {
  const shape = checkedShape(value, path);
  await insertShape(tx, shape);
  return shape.hash.toString('hex');
}
