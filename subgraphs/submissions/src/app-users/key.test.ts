import { newId } from '@iroko/database';
import { makeKey, readKey } from './key';

describe('the key of a phone', () => {
  it('tells its account and its hash, and fits into a URL as it is', () => {
    const account = newId();
    const { key, hash } = makeKey(account);
    expect(encodeURIComponent(key)).toBe(key);
    expect(readKey(key)).toEqual({ accountId: account, hash });
  });

  it('is another one each time', () => {
    const account = newId();
    expect(makeKey(account).key).not.toBe(makeKey(account).key);
  });

  it.each(['', 'short', `${'a'.repeat(65)}`, `${'a'.repeat(63)}=`, `${'a'.repeat(63)}/`])(
    'is none when it reads %j',
    (text) => {
      expect(readKey(text)).toBeUndefined();
    },
  );
});
