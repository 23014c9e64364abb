import { checkedEmail, checkedLanguage, checkedName, checkedSlug, checkedTimeZone } from './account-form';

const refused = (path: string) =>
  expect.objectContaining({ code: 'BAD_USER_INPUT', details: expect.objectContaining({ path: [path] }) });

it.each([
  ['  Ministère de la Santé ', 'Ministère de la Santé'],
  ['Re\u0301gion', 'R\u00e9gion'],
  ['x'.repeat(200), 'x'.repeat(200)],
])('a name is taken: %j', (text, name) => {
  expect(checkedName(text, ['name'])).toBe(name);
});

it.each(['', '   ', 'x'.repeat(201), 'a\nb', 'a\u0000b', 'a\u2028b', 'a\ud800b'])(
  'a name is refused, and the path told: %j',
  (text) => {
    expect(() => checkedName(text, ['name'])).toThrow(refused('name'));
  },
);

it.each(['moh', 'moh-cd', 'a', '9', 'a'.repeat(63)])('a slug is taken: %j', (slug) => {
  expect(checkedSlug(slug, ['slug'])).toBe(slug);
});

it.each(['', 'MOH', '-moh', 'moh-', 'mo h', 'mö', 'a'.repeat(64), 'a.b', 'a/b', 'moh\n'])(
  'a slug is refused: %j',
  (slug) => {
    expect(() => checkedSlug(slug, ['slug'])).toThrow(refused('slug'));
  },
);

it.each<[string, () => unknown, string]>([
  ['a language we do not speak', () => checkedLanguage('tlh', ['language']), 'language'],
  ['a time zone that is none', () => checkedTimeZone('Mars/Olympus', ['timeZone']), 'timeZone'],
  ['no e-mail address', () => checkedEmail('ada', ['email']), 'email'],
])('%s is refused', (_, check, path) => {
  expect(check).toThrow(refused(path));
});

it('a time zone is kept under its IANA name', () => {
  expect(checkedTimeZone('africa/kinshasa', ['timeZone'])).toBe('Africa/Kinshasa');
});
