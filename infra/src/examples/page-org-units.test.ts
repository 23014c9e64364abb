import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { makeTree } from '../../bench/tree/make-tree';
import { type StackUnderTest, stackUnderTest } from '../testing/stack-under-test';

const SCRIPT = join(__dirname, '../../../docs/examples/page_org_units.py');
/** As many as the file of schools of the Democratic Republic of the Congo has. */
const UNITS = 6672;

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Beside this process, since the server runs in it. */
function python(args: string[], env: Record<string, string>): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn('python3', [SCRIPT, ...args], { env: { PATH: process.env.PATH, ...env } });
    const ended = { stdout: '', stderr: '' };
    child.stdout.on('data', (text) => {
      ended.stdout += text;
    });
    child.stderr.on('data', (text) => {
      ended.stderr += text;
    });
    child.once('error', (error) => {
      reject(new Error(`This test runs the example in docs/examples and needs python3: ${error.message}`));
    });
    child.once('close', (code) => resolve({ code, ...ended }));
  });
}

jest.setTimeout(60_000);

describe('the Python example', () => {
  let iroko: StackUnderTest;
  let env: Record<string, string>;
  beforeAll(async () => {
    iroko = await stackUnderTest();
    for (const account of [iroko.account, iroko.twin]) {
      await makeTree(iroko.database.forAccount(account.actor), { rows: UNITS, seed: 'example' });
    }
    env = { IROKO_URL: iroko.stack.url, IROKO_TOKEN: iroko.account.administrator.apiToken };
  });
  afterAll(() => iroko.close());

  it(`pages through ${UNITS} units, each once`, async () => {
    const { code, stdout, stderr } = await python(['--source', 'Benchmark example'], env);
    expect(stderr).toBe(`${UNITS} units\n`);
    expect(code).toBe(0);
    const [head, ...rows] = stdout.trim().split('\r\n');
    expect(head).toBe('id,reference,name,code,status,type,parent,longitude,latitude,altitude');
    expect(new Set(rows.map((row) => row.split(',')[0])).size).toBe(UNITS);
    expect(new Set(rows.map((row) => row.split(',')[1]))).toEqual(
      new Set(Array.from({ length: UNITS }, (_, i) => `R${i + 1}`)),
    );
    expect(rows.filter((row) => row.split(',')[6] === '')).toHaveLength(1);
  });

  it('says what is wrong in one line: no such source, a token that is not known, nobody there', async () => {
    const none = await python(['--source', 'Nowhere'], env);
    expect(none).toMatchObject({
      code: 1,
      stderr: "There is no source 'Nowhere' that this token may read.\n",
    });
    const wrong = await python(['--source', 'x'], { ...env, IROKO_TOKEN: 'iroko_made_up' });
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toMatch(/^UNAUTHENTICATED: .+\n$/);
    const away = await python(['--source', 'x', '--url', 'http://127.0.0.1:1'], env);
    expect(away.stderr).toMatch(/cannot be reached/);
  });
});
