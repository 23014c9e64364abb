import { masterKeys, readSettings, SettingsError } from './index';

describe('settings', () => {
  it('are safe when nothing is set', () => {
    const settings = readSettings({});
    expect(settings).toMatchObject({
      host: '127.0.0.1',
      port: 4000,
      corsOrigins: [],
      trustProxy: [],
      outboundAllow: [],
    });
    expect(settings.metricsPort).toBeUndefined();
  });

  it('name every wrong setting, its value and what is allowed, at once', () => {
    expect(() => readSettings({ PORT: '70000', LOG_LEVEL: 'loud' })).toThrow(
      new SettingsError([
        'PORT is "70000"; allowed: 0 to 65535.',
        'LOG_LEVEL is "loud"; allowed: fatal, error, warn, info, debug, trace or silent.',
      ]),
    );
  });

  it('never show a secret in an error', () => {
    expect(() => readSettings({ DATABASE_URL: 'mysql://root:hunter2@db' })).toThrow(
      /DATABASE_URL is its value \(not shown\)/,
    );
    expect(() => readSettings({ DATABASE_URL: 'mysql://root:hunter2@db' })).not.toThrow(/hunter2/);
  });

  it('demand a master key in production', () => {
    expect(() => readSettings({ NODE_ENV: 'production' })).toThrow(/MASTER_KEY is missing/);
    expect(readSettings({ NODE_ENV: 'production', MASTER_KEY: 'a'.repeat(64) }).nodeEnv).toBe('production');
  });

  it('demand a sender where there is a mail server', () => {
    expect(() => readSettings({ SMTP_URL: 'smtp://mail.example.org' })).toThrow(/MAIL_FROM is missing/);
    const from = 'Ministère de la Santé <iroko@sante.example>';
    expect(readSettings({ SMTP_URL: 'smtp://mail.example.org', MAIL_FROM: from }).mailFrom).toBe(from);
  });

  it.each(['iroko', 'a@b, c@d', 'a@b\nbcc: c@d', '<a@b>', 'x:y <a@b>', 'x <a@b'])(
    'refuse %j as a sender',
    (from) => {
      expect(() => readSettings({ MAIL_FROM: from })).toThrow(/MAIL_FROM is/);
    },
  );

  it('take an empty value as not set', () => {
    expect(readSettings({ PORT: '', DATABASE_URL: '' })).toMatchObject({
      port: 4000,
      databaseUrl: undefined,
    });
  });

  it('read lists by commas', () => {
    expect(readSettings({ CORS_ORIGINS: 'https://a.example, https://b.example' }).corsOrigins).toEqual([
      'https://a.example',
      'https://b.example',
    ]);
  });

  it('read the master keys used before, and refuse what is none without showing it', () => {
    const settings = readSettings({ MASTER_KEY: 'a'.repeat(64), MASTER_KEY_OLD: `${'b'.repeat(64)},` });
    expect(masterKeys(settings)).toEqual([Buffer.alloc(32, 0xaa), Buffer.alloc(32, 0xbb)]);
    expect(() => readSettings({ MASTER_KEY_OLD: 'short' })).toThrow(
      /MASTER_KEY_OLD is its value \(not shown\)/,
    );
  });
});
