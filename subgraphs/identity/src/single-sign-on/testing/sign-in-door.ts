/**
 * Identity behind a real HTTP server, asked by browsers that sign in somewhere else.
 */
import { randomBytes } from 'node:crypto';
import { createHttpServer } from '@iroko/http';
import { silentLogger } from '@iroko/telemetry';
import { type SeededAccount, seedTwins } from '@iroko/testing';
import { type IdentityUnderTest, identityUnderTest } from '../../testing/identity-under-test';
import { sha256 } from '../browser-secret';
import { Browser, type Seen } from './browser';
import { CLIENT } from './real-provider';

/** A page of the account's own, where nobody listens: browsers stop there. */
export const RETURN_URL = 'https://dashboard.example.org/signed-in';

const CREATE = `mutation ($input: CreateSignInProviderInput!) {
  createSignInProvider(input: $input) { id url hasClientSecret revision callbackUrl }
}`;
const EXCHANGE = `mutation ($code: String!, $verifier: String!) {
  exchangeSignInCode(code: $code, verifier: $verifier) {
    accessToken refreshToken me { user { id email firstName } account { slug } permissions memberships { account { id } } }
  }
}`;

export interface Tokens {
  accessToken: string;
  refreshToken: string;
  me: {
    user: { id: string; email: string; firstName: string };
    account: { slug: string };
    permissions: string[];
  };
}

export class SignInDoor {
  account!: SeededAccount;
  twin!: SeededAccount;
  /** What the page keeps to itself while somebody signs in. */
  readonly verifier = randomBytes(32).toString('base64url');

  private constructor(
    readonly identity: IdentityUnderTest,
    readonly url: string,
    readonly close: () => Promise<void>,
  ) {}

  static async open(): Promise<SignInDoor> {
    let url = '';
    const identity = await identityUnderTest({ publicUrl: () => url });
    const server = createHttpServer({
      routes: identity.subgraph.routes,
      viewerOf: (headers, from) => identity.viewers.fromAuthorization(headers.authorization, from),
      log: silentLogger,
    });
    url = `http://127.0.0.1:${await server.listen('127.0.0.1', 0)}`;
    return new SignInDoor(identity, url, async () => {
      await server.close(0);
      await identity.close();
    });
  }

  async newAccounts(): Promise<void> {
    ({ account: this.account, twin: this.twin } = await seedTwins(this.identity.database));
  }

  ask(query: string, variables: Record<string, unknown> = {}, token?: string) {
    return this.identity.ask(query, { variables, token: token ?? this.account.administrator.accessToken });
  }

  /** Configures a provider as the administrator and answers its id. */
  async provider(issuer: string, input: Record<string, unknown> = {}): Promise<string> {
    const { data, errors } = await this.ask(CREATE, {
      input: { name: 'Ministry', kind: 'OIDC', url: issuer, returnUrls: [RETURN_URL], ...CLIENT, ...input },
    });
    expect(errors).toEqual([]);
    return (data as { createSignInProvider: { id: string } }).createSignInProvider.id;
  }

  startUrl(provider: string, parameters: Record<string, string> = {}): string {
    const challenge = sha256(this.verifier).toString('base64url');
    return `${this.url}/sign-in/start?${new URLSearchParams({ provider, returnTo: RETURN_URL, challenge, ...parameters })}`;
  }

  /** From the button to the page that the browser comes back to. */
  through(provider: string, browser = new Browser()): Promise<Seen> {
    return browser.open(this.startUrl(provider));
  }

  /** As far as the callback, which is not asked for. */
  async callbackOf(provider: string, browser: Browser): Promise<URL> {
    const { url } = await browser.open(
      this.startUrl(provider),
      ({ pathname }) => pathname === '/sign-in/callback',
    );
    expect(url.pathname).toBe('/sign-in/callback');
    return url;
  }

  exchange(code: string, verifier = this.verifier) {
    return this.identity.ask(EXCHANGE, { variables: { code, verifier } });
  }

  async signedIn(provider: string): Promise<Tokens> {
    const { url } = await this.through(provider);
    expect(Object.fromEntries(url.searchParams)).toEqual({ sign_in_code: expect.any(String) });
    const { data, errors } = await this.exchange(url.searchParams.get('sign_in_code') ?? '');
    expect(errors).toEqual([]);
    return (data as { exchangeSignInCode: Tokens }).exchangeSignInCode;
  }

  /** The code of the error in the address that the browser came back to. */
  async refusedWith(provider: string): Promise<string | null> {
    const { url } = await this.through(provider);
    expect(`${url.origin}${url.pathname}`).toBe(RETURN_URL);
    expect(url.searchParams.get('sign_in_code')).toBeNull();
    return url.searchParams.get('sign_in_error');
  }

  async counts(): Promise<{ people: number; members: number }> {
    const { rows } = await this.identity.database.pool.query(
      `SELECT (SELECT count(*)::int FROM identity."user") AS people,
              (SELECT count(*)::int FROM identity.membership) AS members`,
    );
    return rows[0];
  }

  /** What the log of the account says of its actions, oldest first. */
  async log(subjectType: string): Promise<{ action: string; after: unknown }[]> {
    const { rows } = await this.identity.database.pool.query(
      `SELECT action, fields_after AS after FROM platform.change_event
       WHERE account_id = $1 AND subject_type = $2 ORDER BY entry`,
      [this.account.accountId, subjectType],
    );
    return rows;
  }
}
