/**
 * What a stranger may ask with an address in hand, over HTTP, with enough members to ask about: limits count by address
 * and by source, and what is measured here is the work, not the limits.
 */
import { passwordsOf } from '@iroko/identity';
import { readSettings } from '@iroko/settings';
import { seedAccount, seedMember } from '@iroko/testing';
import type { BenchmarkOptions } from '../benchmark';
import { type OwnStack, ownStack } from '../own-stack';
import type { Question } from './alike';

export const PASSWORD = 'a lantern over nine rivers';
/** An address is invited once, and ten failures and five mails for it are let through in a quarter of an hour. */
const MEMBERS = 400;

export interface Strangers extends Pick<OwnStack, 'server' | 'account'> {
  /** Asks from a source of its own and answers how long it took. `expected` is the code, undefined for none. */
  ask(query: string, variables: object, expected: string | undefined, token?: string): Promise<number>;
  /** Addresses of members, in turn, and addresses that nobody has. */
  emails: Pick<Question, 'known' | 'unknown'>;
}

/** The members are of the account that asks, or of another one. */
export async function strangers(
  options: BenchmarkOptions,
  { elsewhere = false, environment = {} }: { elsewhere?: boolean; environment?: Record<string, string> } = {},
): Promise<Strangers> {
  const members: string[] = [];
  const { server, account } = await ownStack(
    options,
    async (database, own) => {
      options.report(`Making ${MEMBERS} members`);
      // At the cost of the server: a hash that is made anew is no sign-in.
      const hash = await passwordsOf(readSettings({ MASTER_KEY: '0'.repeat(64) })).hash(PASSWORD);
      const { accountId } = elsewhere ? await seedAccount(database) : own;
      for (let made = 0; made < MEMBERS; made += 1)
        members.push((await seedMember(database, accountId)).email);
      await database.pool.query('UPDATE identity."user" SET password_hash = $1', [hash]);
    },
    [],
    { TRUST_PROXY: '127.0.0.1', ...environment },
  );
  let asked = 0;
  let turn = 0;
  return {
    server,
    account,
    async ask(query, variables, expected, token) {
      asked += 1;
      const source = `10.${(asked >> 16) & 255}.${(asked >> 8) & 255}.${asked & 255}`;
      const authorization: Record<string, string> =
        token === undefined ? {} : { authorization: `Bearer ${token}` };
      const startedAt = performance.now();
      const response = await fetch(`${server.url}graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': source, ...authorization },
        body: JSON.stringify({ query, variables }),
      });
      const answer = (await response.json()) as {
        errors?: { message: string; extensions: { code: string } }[];
      };
      const ms = performance.now() - startedAt;
      const code = answer.errors?.[0]?.extensions.code;
      if (code !== expected) throw new Error(`Answered ${code}: ${answer.errors?.[0]?.message}`);
      return ms;
    },
    emails: {
      known() {
        turn += 1;
        return members[turn % MEMBERS] as string;
      },
      unknown: () => `nobody-${asked}@example.org`,
    },
  };
}
