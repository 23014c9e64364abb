import { checkedFlags, configurationSchema, FEATURE_FLAG_CODES } from './feature-flags';

const check = (given: { code: string; configuration?: unknown }[], needsAuthentication = true) =>
  checkedFlags(given, needsAuthentication, ['featureFlags']);

it('a configuration that fits is kept, one that is left out is empty, and flags are in the order of their names', () => {
  const given = [
    { code: 'TAKE_GPS_ON_FORM', configuration: { accuracyMetres: 20 } },
    { code: 'HOME_OFFLINE' },
  ];
  expect(check(given)).toEqual([
    { code: 'HOME_OFFLINE', configuration: {} },
    { code: 'TAKE_GPS_ON_FORM', configuration: { accuracyMetres: 20 } },
  ]);
});

it.each<[string, { code: string; configuration?: unknown }[], string[]]>([
  ['a flag that is none', [{ code: 'SELF_DESTRUCT' }], ['featureFlags', '0', 'code']],
  ['a flag named like what every object has', [{ code: 'constructor' }], ['featureFlags', '0', 'code']],
  ['a flag that comes twice', [{ code: 'HOME_OFFLINE' }, { code: 'HOME_OFFLINE' }], ['featureFlags']],
  [
    'a field that the flag does not know',
    [{ code: 'HOME_OFFLINE', configuration: { colour: 'red' } }],
    ['featureFlags', '0', 'configuration'],
  ],
  [
    'a number out of range',
    [{ code: 'FORMS_AUTO_UPLOAD', configuration: { everyMinutes: 0 } }],
    ['featureFlags', '0', 'configuration'],
  ],
  [
    'a text where a number belongs',
    [{ code: 'TAKE_GPS_ON_FORM', configuration: { accuracyMetres: '20' } }],
    ['featureFlags', '0', 'configuration'],
  ],
  [
    'a configuration that is a list',
    [{ code: 'HOME_OFFLINE', configuration: [] }],
    ['featureFlags', '0', 'configuration'],
  ],
])('%s is refused, and the path told', (_, given, path) => {
  expect(() => check(given)).toThrow(
    expect.objectContaining({ code: 'BAD_USER_INPUT', details: expect.objectContaining({ path }) }),
  );
});

it('a flag that requires authentication is refused in a project that needs none', () => {
  expect(check([{ code: 'INSTANT_EXPORT' }])).toHaveLength(1);
  expect(() => check([{ code: 'INSTANT_EXPORT' }], false)).toThrow(
    expect.objectContaining({ code: 'BAD_USER_INPUT' }),
  );
});

it.each(FEATURE_FLAG_CODES)(
  'the schema of %s is published as JSON Schema that takes nothing else',
  (code) => {
    expect(configurationSchema(code)).toMatchObject({ type: 'object', additionalProperties: false });
  },
);
