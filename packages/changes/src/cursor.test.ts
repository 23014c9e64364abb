import { newId } from '@iroko/database';
import { tamperings } from '@iroko/testing';
import { ChangeCursors } from './cursor';

const cursors = new ChangeCursors(Buffer.alloc(32, 7));
const account = newId();

it('a cursor of the log gives back its position, and to its own account alone', () => {
  const cursor = cursors.encode(account, 42);
  expect(cursors.decode(account, cursor)).toBe(42);
  expect(() => cursors.decode(newId(), cursor)).toThrow(/not a cursor of the log of this account/);
});

it('one that was changed is refused (10,000 random ways)', () => {
  for (const text of tamperings(cursors.encode(account, 42), 10_000)) {
    expect(() => cursors.decode(account, text)).toThrow(/not a cursor of the log of this account/);
  }
});
