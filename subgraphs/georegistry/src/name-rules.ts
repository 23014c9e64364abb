/** What names must be, said the same way everywhere. */
import { badInput } from '@iroko/errors';

const NAME_LENGTH_MAX = 255;

/** The text trimmed (inner spaces stay). Throws BAD_USER_INPUT when nothing is left, it is too long or has a zero byte. */
export function checkedName(text: string, path: string[]): string {
  const name = checkedText(text, path);
  if (name === '')
    throw badInput(`${path.at(-1)} is empty; write 1 to ${NAME_LENGTH_MAX} characters.`, { path });
  return name;
}

/** Like `checkedName`, but it may be empty. */
export function checkedText(text: string, path: string[]): string {
  const trimmed = text.trim();
  // PostgreSQL counts characters, not UTF-16 units.
  const length = trimmed.length > NAME_LENGTH_MAX ? [...trimmed].length : trimmed.length;
  if (length > NAME_LENGTH_MAX) {
    throw badInput(`${path.at(-1)} has ${length} characters; at most ${NAME_LENGTH_MAX} are kept.`, { path });
  }
  if (trimmed.includes('\0')) throw badInput(`${path.at(-1)} holds a zero byte.`, { path });
  return trimmed;
}
