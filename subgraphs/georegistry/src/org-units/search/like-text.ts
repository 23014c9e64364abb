/** Text as itself within a pattern of LIKE. */
import { textKey } from '@iroko/text';

export const likeText = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

/** The text as a pattern for LIKE on search keys; undefined when there is nothing to look for. */
export function textPattern(text: string | null | undefined): string | undefined {
  const key = textKey((text ?? '').replaceAll('\0', ''));
  return key === '' ? undefined : `%${likeText(key)}%`;
}
