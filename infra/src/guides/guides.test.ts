import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildClientSchema, type GraphQLSchema, getIntrospectionQuery, parse, validate } from 'graphql';
import { makeTree } from '../../bench/tree/make-tree';
import { type StackUnderTest, stackUnderTest } from '../testing/stack-under-test';
import { blocksOf } from './guide-blocks';

jest.setTimeout(60_000);

const docs = join(__dirname, '../../../docs');
const pages = ['.', 'guides'].flatMap((folder) =>
  readdirSync(join(docs, folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(folder, file)),
);

const infra = join(__dirname, '../..');
/** `npm run iroko -- …` from the sources, since a test builds nothing. */
const COMMAND_LINE = `npm() {
  node --require ${infra}/src/testing/from-source.cjs ${infra}/src/cli/main.ts "\${@:4}"
}`;

/** The commands of a page in one shell, in a folder of its own, as a reader types them. */
function runPage(
  page: string,
  env: Record<string, string>,
): Promise<{ code: number | null; output: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'iroko-guide-'));
  symlinkSync(docs, join(folder, 'docs'));
  const first = 'guides/tokens-and-notebooks.md';
  const commands = (page === first ? [page] : [first, page])
    .flatMap((file) => blocksOf(join(docs, file)))
    .filter((block) => block.language === 'sh')
    .map((block) => block.text);
  const script = [COMMAND_LINE, ...commands].join('\n');
  return new Promise((resolve, reject) => {
    const shell = spawn('bash', ['-eu', '-o', 'pipefail', '-c', script], {
      cwd: folder,
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (text: Buffer) => {
      output += text;
    };
    shell.stdout.on('data', keep);
    shell.stderr.on('data', keep);
    shell.once('error', (error) => reject(new Error(`The guides are run with bash: ${error.message}`)));
    shell.once('close', (code) => {
      rmSync(folder, { recursive: true, force: true });
      resolve({ code, output });
    });
  });
}

describe('the guides', () => {
  let iroko: StackUnderTest;
  let schema: GraphQLSchema;
  let env: Record<string, string>;
  beforeAll(async () => {
    iroko = await stackUnderTest();
    schema = buildClientSchema(await iroko.administrator.data(getIntrospectionQuery()));
    const { email, password } = iroko.account.administrator;
    const db = iroko.database.forAccount(iroko.account.actor);
    await makeTree(db, { rows: 1200, seed: 'guide', name: 'Kelandi' });
    env = { IROKO_URL: iroko.stack.url, IROKO_EMAIL: email, IROKO_PASSWORD: password };
  });
  afterAll(() => iroko.close());

  it.each(pages)('%s shows only GraphQL that the API takes', (page) => {
    for (const { language, text, line } of blocksOf(join(docs, page))) {
      if (language !== 'graphql') continue;
      const errors = validate(schema, parse(text)).map((error) => `line ${line}: ${error.message}`);
      expect(errors).toEqual([]);
    }
  });

  it('tokens and notebooks: every command does what it says', async () => {
    const { code, output } = await runPage('guides/tokens-and-notebooks.md', env);
    expect(output).toContain('1200 units');
    expect(output).toContain('"kind":"TOKEN"');
    expect(code).toBe(0);
  });

  it('the first import: preview, dry run, import, quarantine, release, each as the page says', async () => {
    const { code, output } = await runPage('guides/first-import.md', env);
    expect(output).toContain('"decimalSign":"COMMA","dateOrder":"DMY"');
    expect(output).toContain('Dry run: nothing was written.');
    expect(output).toContain('In quarantine: 1 row (coordinates out of range 1)');
    expect(output).toMatch(/added +1\n.*\n.*\n +the same +2\n +kept +5 /);
    expect(output).toContain('"number":1,"status":"RELEASED"');
    expect(code).toBe(0);
  });

  it('matching: two lists imported, matched and written as links, with the commands of the page', async () => {
    const { code, output } = await runPage('guides/matching.md', env);
    expect(output).toMatch(/Run \S+: \d+ accepted, \d+ to be looked at\./);
    expect(output).toMatch(/Centre de santé Sola,CS Sollà|CS Sollà,Centre de santé Sola/);
    expect(code).toBe(0);
  });

  it('ODK Collect: a form, a key, a submission, each with the commands of the page', async () => {
    const page = await runPage('guides/odk-collect.md', env);
    expect(page.output).toContain('submit_success');
    expect(page.code).toBe(0);
  });
});
