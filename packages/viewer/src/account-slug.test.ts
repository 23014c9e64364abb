import { accountSlug } from './account-slug';

it.each([
  ['by the header', { 'x-iroko-account': ' MoH ' }, undefined, 'moh'],
  ['by the host', { host: 'moh.iroko.example:8080' }, 'iroko.example', 'moh'],
  [
    'by the header before the host',
    { 'x-iroko-account': 'a', host: 'b.iroko.example' },
    'iroko.example',
    'a',
  ],
  ['not by a host without the setting', { host: 'moh.iroko.example' }, undefined, undefined],
  ['not by another host', { host: 'moh.evil.example' }, 'iroko.example', undefined],
  ['not by a deeper host', { host: 'a.moh.iroko.example' }, 'iroko.example', undefined],
  ['not by what is no slug', { 'x-iroko-account': "a' OR 1=1" }, undefined, undefined],
  ['by nothing', {}, 'iroko.example', undefined],
])('an account is named %s', (_, headers, suffix, slug) => {
  expect(accountSlug(headers, suffix)).toBe(slug);
});
