/**
 * The real OpenID provider of the tests, in a process of its own.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface Person {
  sub: string;
  email?: string;
  email_verified?: boolean;
  given_name?: string;
  family_name?: string;
}

export const CLIENT = { clientId: 'iroko', clientSecret: 'secret-of-iroko-at-the-provider' };

export class RealProvider {
  private constructor(
    private readonly child: ChildProcess,
    readonly issuer: string,
  ) {}

  static async open(redirectUri: string): Promise<RealProvider> {
    const clients = [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
      {
        client_id: 'iroko-public',
        token_endpoint_auth_method: 'none',
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ];
    const child = fork(join(__dirname, 'oidc-provider-process.mjs'), [JSON.stringify({ clients })], {
      execArgv: [],
      // What jest puts there is for its own processes.
      env: { PATH: process.env.PATH ?? '' },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const [message] = await once(child, 'message');
    return new RealProvider(child, (message as { issuer: string }).issuer);
  }

  /** Signs in whoever comes next as this person. */
  async next(person: Person): Promise<void> {
    this.child.send({ person });
    await once(this.child, 'message');
  }

  async close(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill();
    await ended;
  }
}
