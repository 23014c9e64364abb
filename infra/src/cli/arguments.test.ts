import { HELP, parseCommand } from './arguments';
import { CommandFailure } from './failure';

const env = { IROKO_TOKEN: 'iroko_test' };
const good = ['import', 'units.csv', '--source', 'Health map'];
const refusal = (argv: string[], environment: NodeJS.ProcessEnv = env) => {
  try {
    parseCommand(argv, environment);
  } catch (error) {
    expect(error).toBeInstanceOf(CommandFailure);
    return (error as CommandFailure).message;
  }
  throw new Error('was taken');
};

describe('the command line', () => {
  it('takes a file, a source and the token of the environment', () => {
    expect(parseCommand(good, env)).toEqual({
      name: 'import',
      file: 'units.csv',
      source: 'Health map',
      createSource: false,
      token: 'iroko_test',
      url: 'http://127.0.0.1:4000/',
      dryRun: false,
      strict: false,
      keepAbsent: false,
      json: false,
    });
  });

  it('takes every option, and options before environment', () => {
    const argv = [
      ...good,
      '--mapping',
      'm.json',
      '--url',
      'https://x.example/iroko',
      '--token',
      'iroko_other',
    ];
    const command = parseCommand([...argv, '--dry-run', '--strict', '--keep-absent', '--json'], {
      ...env,
      IROKO_URL: 'http://y',
    });
    expect(command).toMatchObject({
      mapping: 'm.json',
      url: 'https://x.example/iroko/',
      token: 'iroko_other',
      dryRun: true,
      strict: true,
      keepAbsent: true,
      json: true,
    });
  });

  it('shows help when asked or when nothing is said', () => {
    for (const argv of [[], ['help'], ['--help'], ['import', '-h']]) {
      expect(parseCommand(argv, {})).toEqual({ name: 'help' });
    }
    expect(HELP).toContain('--dry-run');
  });

  it('says what is missing or too much', () => {
    expect(refusal(['impart', 'x'])).toBe('There is no command "impart".');
    expect(refusal(['import', '--source', 'x'])).toMatch(/needs the file/);
    expect(refusal(['import', 'a.csv', 'b.csv', '--source', 'x'])).toMatch(/"b.csv" is one too many/);
    expect(refusal(['import', 'a.csv'])).toMatch(/needs --source/);
    expect(refusal(['import', 'a.csv', '--source', ' '])).toMatch(/needs --source/);
    expect(refusal(good, {})).toMatch(/no API token/);
    expect(refusal([...good, '--dryrun'])).toMatch(/--dryrun/);
    expect(refusal([...good, '--mapping'])).toMatch(/--mapping/);
  });

  it('refuses an address that is not http', () => {
    for (const url of ['localhost:4000', 'ftp://x', 'nonsense']) {
      expect(refusal([...good, '--url', url])).toMatch(/http or https/);
    }
  });

  it('never repeats the token in an error', () => {
    expect(refusal(['import', 'a.csv', '--token', 'iroko_secret'], {})).not.toContain('iroko_secret');
  });
});
