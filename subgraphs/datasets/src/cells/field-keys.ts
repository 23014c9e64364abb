/** The names of fields in filters and sort orders: made from headings, plain, and unique in the dataset. */
import { textKey } from '@iroko/text';

const KEY_LENGTH_MAX = 60;
export const FIELD_KEY = /^[a-z_][a-z0-9_]{0,62}$/;

/** `"Numéro d'ordre"` becomes `numero_d_ordre`. `taken` holds the keys that are given already, and gains the new one. */
export function fieldKey(heading: string, taken: Set<string>): string {
  const plain = textKey(heading)
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, KEY_LENGTH_MAX);
  const base = plain === '' ? 'field' : /^\d/.test(plain) ? `_${plain}` : plain;
  let key = base;
  for (let copy = 2; taken.has(key); copy++) key = `${base}_${copy}`;
  taken.add(key);
  return key;
}
