import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type StackUnderTest, stackUnderTest } from '../testing/stack-under-test';
import { run } from './run';

jest.setTimeout(60_000);

const HEADER = 'ref,parent,name,type,lon,lat';
const GOOD = [
  HEADER,
  'C,,Kelandi,Country,,',
  'R1,C,Sérédo,Region,,',
  'F1,R1,Clinic One,Clinic,0,0',
  'F2,R1,Clinic Two,Clinic,1.5,-2.5',
].join('\n');
const MAPPING = {
  reference: 'ref',
  parentReference: 'parent',
  name: 'name',
  type: 'type',
  longitude: 'lon',
  latitude: 'lat',
};

describe('npm run iroko -- import', () => {
  const folder = mkdtempSync(join(tmpdir(), 'iroko-cli-'));
  const path = (name: string, text?: string) => {
    if (text !== undefined) writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const mapping = path('mapping.json', JSON.stringify(MAPPING));
  let iroko: StackUnderTest;
  let sources = 0;

  beforeAll(async () => {
    iroko = await stackUnderTest();
  });
  afterAll(async () => {
    await iroko.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function newSource(): Promise<string> {
    sources += 1;
    const name = `Source ${sources}`;
    await iroko.administrator.data(
      'mutation ($input: CreateDataSourceInput!) { createDataSource(input: $input) { id } }',
      { input: { name } },
    );
    return name;
  }

  async function typed(args: string[], env: Record<string, string> = {}) {
    const ended = { stdout: '', stderr: '' };
    const code = await run({
      argv: args,
      env: { IROKO_URL: iroko.stack.url, IROKO_TOKEN: iroko.account.administrator.apiToken, ...env },
      stdout: {
        write: (text) => {
          ended.stdout += text;
        },
      },
      stderr: {
        write: (text) => {
          ended.stderr += text;
        },
      },
      onInterrupt: () => () => undefined,
    });
    return { code, ...ended };
  }

  async function unitsOf(name: string): Promise<number> {
    const { dataSources } = await iroko.administrator.data(
      '{ dataSources(first: 100) { nodes { id name } } }',
    );
    const source = dataSources.nodes.find((node: { name: string }) => node.name === name);
    const { orgUnits } = await iroko.administrator.data(
      'query ($id: ID!) { orgUnits(dataSource: $id) { totalCount } }',
      { id: source.id },
    );
    return orgUnits.totalCount;
  }

  it('imports a file, says what became of it, and ends with 0', async () => {
    const name = await newSource();
    const file = path('good.csv', GOOD);
    const first = await typed(['import', file, '--mapping', mapping, '--source', name]);
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout).toContain('4 rows read');
    expect(first.stdout).toMatch(/added +4\n/);
    expect(await unitsOf(name)).toBe(4);
    const again = await typed(['import', file, '--mapping', mapping, '--source', name]);
    expect(again.stdout).toMatch(/the same +4\n/);
    expect(again.stdout).toContain('reference: 4');
  });

  it('writes nothing in a dry run', async () => {
    const name = await newSource();
    const { code, stdout } = await typed([
      'import',
      path('dry.csv', GOOD),
      '--mapping',
      mapping,
      '--source',
      name,
      '--dry-run',
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain('Dry run: nothing was written.');
    expect(stdout).toMatch(/added +4\n/);
    expect(await unitsOf(name)).toBe(0);
  });

  it('makes the source when asked to', async () => {
    const args = ['import', path('created.csv', GOOD), '--mapping', mapping, '--source', 'Made here'];
    const refused = await typed(args);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toContain('--create');
    expect(await typed([...args, '--create'])).toMatchObject({ code: 0 });
    expect(await unitsOf('Made here')).toBe(4);
    expect((await typed([...args, '--create'])).stdout).toMatch(/the same +4\n/);
  });

  const defective = `${GOOD}\nF3,R1,Clinic Three,Clinic,200,0\nF4,nowhere,Clinic Four,Clinic,1,1`;

  it('ends with 2 when rows are in quarantine, names each, and links to them as a file', async () => {
    const name = await newSource();
    const file = path('defective.csv', defective);
    const { code, stdout } = await typed(['import', file, '--mapping', mapping, '--source', name]);
    expect(code).toBe(2);
    expect(await unitsOf(name)).toBe(4);
    expect(stdout).toContain('In quarantine: 2 rows');
    expect(stdout).toMatch(/row 6, column lon: .*"200"/);
    const url = /http\S+/.exec(stdout)?.[0] ?? '';
    const csv = await (await fetch(url)).text();
    expect(csv).toContain('Clinic Three');
    expect(csv).toContain('Clinic Four');
  });

  it('refuses the whole file with --strict, and ends with 1', async () => {
    const name = await newSource();
    const file = path('strict.csv', defective);
    const args = ['import', file, '--mapping', mapping, '--source', name, '--strict'];
    const { code, stderr } = await typed(args);
    expect(code).toBe(1);
    expect(stderr).toMatch(/nothing was written/);
    expect(stderr).toMatch(/row 6/);
    expect(await unitsOf(name)).toBe(0);
  });

  it('keeps what the file does not hold only when asked', async () => {
    const name = await newSource();
    await typed(['import', path('whole.csv', GOOD), '--mapping', mapping, '--source', name]);
    const part = path('part.csv', `${HEADER}\nF5,R1,Clinic Five,Clinic,2,2`);
    await typed(['import', part, '--mapping', mapping, '--source', name, '--keep-absent']);
    expect(await unitsOf(name)).toBe(5);
    const less = path('less.csv', GOOD.split('\n').slice(0, 3).join('\n'));
    await typed(['import', less, '--mapping', mapping, '--source', name]);
    expect(await unitsOf(name)).toBe(2);
  });

  it('gives machines one JSON object and nothing else', async () => {
    const name = await newSource();
    const args = ['import', path('json.csv', GOOD), '--mapping', mapping, '--source', name, '--json'];
    const good = await typed(args);
    expect(JSON.parse(good.stdout)).toMatchObject({ ok: true, report: { units: { added: 4 } } });
    expect(good.stderr).toBe('');
    const bad = await typed([
      'import',
      path('none.csv', ''),
      '--mapping',
      mapping,
      '--source',
      name,
      '--json',
    ]);
    expect(bad.code).toBe(1);
    expect(JSON.parse(bad.stdout)).toMatchObject({ ok: false, error: { code: 'BAD_USER_INPUT' } });
  });

  it('says what is wrong, where, and what to do', async () => {
    const name = await newSource();
    const file = path('x.csv', GOOD);
    const failing = async (args: string[], env = {}) => {
      const { code, stdout, stderr } = await typed(['import', ...args], env);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      return stderr;
    };
    expect(await failing(['absent.csv', '--source', name])).toMatch(/There is no file absent.csv/);
    expect(await failing([folder, '--source', name])).toMatch(/is not a file/);
    expect(await failing([file, '--source', 'Nowhere'])).toMatch(/no source "Nowhere"[\s\S]*Source 1/);
    const broken = path('broken.json', '{');
    expect(await failing([file, '--source', name, '--mapping', broken])).toMatch(/broken.json is not JSON/);
    expect(await failing([file, '--source', name, '--mapping', 'absent.json'])).toMatch(
      /no mapping absent.json/,
    );
    const unknown = path('unknown.json', '{"name":"name","refrence":"ref"}');
    expect(await failing([file, '--source', name, '--mapping', unknown])).toMatch(
      /refrence.*may hold name, reference/,
    );
    const odd = path('odd.json', '{"name":"no such column"}');
    expect(await failing([file, '--source', name, '--mapping', odd])).toMatch(/no such column/);
    expect(await failing([file, '--source', name])).toMatch(/mapping/);
    expect(await failing([file, '--source', name], { IROKO_TOKEN: 'iroko_wrong' })).toMatch(
      /Check IROKO_TOKEN/,
    );
    expect(await failing([file, '--source', name], { IROKO_URL: 'http://127.0.0.1:1' })).toMatch(
      /cannot be reached[\s\S]*--url/,
    );
  });

  it('knows no sources of another account', async () => {
    const name = await newSource();
    const env = { IROKO_TOKEN: iroko.twin.administrator.apiToken };
    const { code, stderr } = await typed(['import', path('t.csv', GOOD), '--source', name], env);
    expect(code).toBe(1);
    expect(stderr).toMatch(/There are none yet/);
  });
});
