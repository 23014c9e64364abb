/**
 * Whether the time of a refused sign-in tells which addresses exist: wrong passwords for unknown addresses against
 * wrong passwords for known ones, over HTTP. Beside it, how many sign-ins a second there are with the right one.
 */
import { passwordsOf } from '@iroko/identity';
import { readSettings } from '@iroko/settings';
import { seedMember } from '@iroko/testing';
import type { Benchmark, BenchmarkOptions, Measurement } from '../benchmark';
import { ownStack } from '../own-stack';
import { alternate } from '../rounds';
import { median, rounded } from '../statistics';

const SIGN_IN = `mutation ($email: String!, $password: String!) {
  signIn(email: $email, password: $password) { accessToken } }`;
const ATTEMPTS = 30;
/** Ten failures in a quarter of an hour are refused before the password is looked at; each has a few. */
const MEMBERS = 120;
const PASSWORD = 'a lantern over nine rivers';

async function run(options: BenchmarkOptions): Promise<Measurement> {
  const emails: string[] = [];
  const { server } = await ownStack(
    options,
    async (database, account) => {
      options.report(`Making ${MEMBERS} members`);
      // At the cost of the server: a hash that is made anew is no sign-in.
      const hash = await passwordsOf(readSettings({ MASTER_KEY: '0'.repeat(64) })).hash(PASSWORD);
      for (let made = 0; made < MEMBERS; made += 1) {
        emails.push((await seedMember(database, account.accountId)).email);
      }
      await database.pool.query('UPDATE identity."user" SET password_hash = $1', [hash]);
    },
    [],
    { TRUST_PROXY: '127.0.0.1' },
  );
  let asked = 0;
  const signIn = async (email: string, password: string): Promise<{ ms: number; in: boolean }> => {
    asked += 1;
    // Each from a source of its own: what is measured is the look at the password, not the limits.
    const source = `10.${(asked >> 16) & 255}.${(asked >> 8) & 255}.${asked & 255}`;
    const startedAt = performance.now();
    const response = await fetch(`${server.url}graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': source },
      body: JSON.stringify({ query: SIGN_IN, variables: { email, password } }),
    });
    const answer = (await response.json()) as {
      data?: { signIn?: unknown };
      errors?: { extensions: { code: string } }[];
    };
    const ms = performance.now() - startedAt;
    const code = answer.errors?.[0]?.extensions.code;
    if (code !== undefined && code !== 'UNAUTHENTICATED') throw new Error(`A sign-in was answered ${code}.`);
    return { ms, in: code === undefined };
  };
  const each = async (password: string, emailOf: (index: number) => string) => {
    const times: number[] = [];
    for (let index = 0; index < ATTEMPTS; index += 1) {
      const attempt = await signIn(emailOf(index), password);
      if (attempt.in !== (password === PASSWORD))
        throw new Error('A sign-in ended otherwise than it should.');
      times.push(attempt.ms);
    }
    return median(times);
  };
  const known = () => emails[asked % MEMBERS] as string;
  const unknown = (index: number) => `nobody-${asked}-${index}@example.org`;
  const result = await alternate(
    { ours: () => each('not the password', unknown), baseline: () => each('not the password', known) },
    options,
    'ms',
  );
  const successMs = await each(PASSWORD, known);
  return {
    ...result,
    peakRssMb: server.peakRssMb(),
    details: { signInsPerSecondOneByOne: rounded(1000 / successMs), signInMs: rounded(successMs) },
  };
}

export const signIn: Benchmark = {
  name: 'sign-in',
  description: 'a wrong password for an unknown address, against one for a known address',
  unit: 'ms',
  goal: { atMost: 1.1 },
  defaultRows: MEMBERS,
  run,
};
