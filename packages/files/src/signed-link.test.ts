import { newId } from '@iroko/database';
import { tamperings } from '@iroko/testing';
import { LINK_SECONDS, LinkSigner } from './signed-link';

const NOW = Date.UTC(2026, 2, 1);
const signer = new LinkSigner(Buffer.alloc(32, 7));
const link = signer.pathFor({ accountId: newId(), id: newId() }, NOW);

/** What of an address the check looks at. */
function parts(path: string) {
  const [address = '', ...query] = path.split('?');
  const parameters = new URLSearchParams(query.join('?'));
  const [, folder, id = ''] = address.split('/');
  return { folder, id, parameters };
}

const told = (path: string) => {
  const { folder, id, parameters } = parts(path);
  return JSON.stringify([
    folder,
    id,
    ...['account', 'expires', 'signature'].map((name) => parameters.get(name)),
  ]);
};
const check = (path: string, at = NOW) => {
  const { id, parameters } = parts(path);
  return signer.check(id, parameters, at);
};

it('a link is good until it ends', () => {
  expect(check(link)).toMatchObject({ ok: true });
  expect(check(link, NOW + LINK_SECONDS * 1000)).toEqual({ ok: false, reason: 'EXPIRED' });
});

it('one in which file, account, end or signature was changed is refused (10,000 random ways)', () => {
  let changed = 0;
  for (const text of tamperings(link, 20_000)) {
    // Another folder is another route; and some changes leave what is looked at as it was.
    if (told(text) === told(link) || parts(text).folder !== 'files') continue;
    changed += 1;
    expect({ text, checked: check(text) }).toEqual({ text, checked: { ok: false, reason: 'INVALID' } });
  }
  expect(changed).toBeGreaterThan(10_000);
});

it('one that was signed with another key is refused', () => {
  const [, query = ''] = new LinkSigner(Buffer.alloc(32, 8))
    .pathFor({ accountId: newId(), id: parts(link).id }, NOW)
    .split('?');
  expect(signer.check(parts(link).id, new URLSearchParams(query), NOW)).toEqual({
    ok: false,
    reason: 'INVALID',
  });
});
