import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { parse, validate } from 'graphql';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';

const script = readFileSync(join(__dirname, '../../assets/link.js'), 'utf8');

let identity: IdentityUnderTest;
beforeAll(async () => {
  identity = await identityUnderTest();
});
afterAll(() => identity.close());

const route = (path: string) => identity.subgraph.routes.find((one) => one.path === path);

it.each(['/link', '/link/page.css', '/link/page.js'])(
  '%s is served, runs nothing of others and is framed by nobody',
  async (path) => {
    const reply = await route(path)?.handler({} as never);
    expect(String(reply?.body).length).toBeGreaterThan(100);
    expect(reply?.headers).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'none'; script-src 'self'"),
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
    });
  },
);

/** The tables of the script, read out of it as the browser would. */
function tables(): {
  WORDS: Record<string, Record<string, unknown>>;
  ACTIONS: Record<string, { mutation: string; fields: string[][] }>;
} {
  const declarations = script.slice(0, script.indexOf('const fragment ='));
  return runInNewContext(`${declarations}; ({ WORDS, ACTIONS })`);
}

it('every mutation that the page asks is one of the API', () => {
  for (const { mutation } of Object.values(tables().ACTIONS)) {
    expect(validate(identity.subgraph.schema, parse(mutation))).toEqual([]);
  }
});

it('every text is there in every language', () => {
  const { WORDS, ACTIONS } = tables();
  const named = Object.keys(WORDS.en ?? {}).sort();
  expect(Object.keys(WORDS).sort()).toEqual(['en', 'fr', 'pt']);
  for (const words of Object.values(WORDS)) expect(Object.keys(words).sort()).toEqual(named);
  for (const [name, { fields }] of Object.entries(ACTIONS)) {
    expect(named).toEqual(expect.arrayContaining([name, ...fields.map(([field]) => field)]));
  }
});
