/**
 * Whether the time of an answer tells which addresses exist: a wrong password, a forgotten one, a registration, and an
 * invitation of somebody who has a user elsewhere. Beside the first, how many sign-ins a second there are with the right
 * password.
 */
import type { Benchmark, BenchmarkOptions, Measurement } from '../benchmark';
import { median, rounded } from '../statistics';
import { alike } from './alike';
import { PASSWORD, strangers } from './strangers';

const SIGN_IN = `mutation ($email: String!, $password: String!) {
  signIn(email: $email, password: $password) { accessToken } }`;
const RESET = 'mutation ($email: String!) { requestPasswordReset(email: $email) }';
const REGISTER = 'mutation ($input: RegisterInput!) { register(input: $input) }';
const INVITE = 'mutation ($email: String!) { inviteUser(input: { email: $email }) { id } }';

const SIGN_INS = 30;

async function signingIn(options: BenchmarkOptions): Promise<Measurement> {
  const { server, ask, emails } = await strangers(options);
  const wrong = (email: string) => ask(SIGN_IN, { email, password: 'not the password' }, 'UNAUTHENTICATED');
  const { details, ...result } = await alike({ ask: wrong, ...emails }, options);
  const times: number[] = [];
  while (times.length < SIGN_INS) {
    times.push(await ask(SIGN_IN, { email: emails.known(), password: PASSWORD }, undefined));
  }
  const signInMs = median(times);
  return {
    ...result,
    peakRssMb: server.peakRssMb(),
    details: { ...details, signInsPerSecondOneByOne: rounded(1000 / signInMs), signInMs: rounded(signInMs) },
  };
}

async function forgetting(options: BenchmarkOptions): Promise<Measurement> {
  const { server, ask, emails } = await strangers(options);
  const reset = (email: string) => ask(RESET, { email }, undefined);
  return { ...(await alike({ ask: reset, ...emails }, options)), peakRssMb: server.peakRssMb() };
}

async function registering(options: BenchmarkOptions): Promise<Measurement> {
  const { server, ask, emails } = await strangers(options, { environment: { SIGN_UP: 'open' } });
  let accounts = 0;
  const register = (email: string) => {
    accounts += 1;
    const account = { name: `Account ${accounts}`, slug: `account-${accounts}` };
    return ask(REGISTER, { input: { email, account } }, undefined);
  };
  return { ...(await alike({ ask: register, ...emails }, options)), peakRssMb: server.peakRssMb() };
}

async function inviting(options: BenchmarkOptions): Promise<Measurement> {
  const { server, ask, emails, account } = await strangers(options, { elsewhere: true });
  const invite = (email: string) => ask(INVITE, { email }, undefined, account.administrator.accessToken);
  return { ...(await alike({ ask: invite, ...emails }, options)), peakRssMb: server.peakRssMb() };
}

const benchmark = (name: string, what: string, run: Benchmark['run']): Benchmark => ({
  name,
  description: `${what} an address that nobody has, against one that somebody has`,
  unit: 'ms',
  goal: { atMost: 1.1 },
  defaultRows: 1,
  run,
});

export const signIn = benchmark('sign-in', 'a wrong password for', signingIn);
export const passwordReset = benchmark('password-reset', 'a forgotten password of', forgetting);
export const registration = benchmark('registration', 'a registration with', registering);
export const invitation = benchmark('invitation', 'an invitation of', inviting);
