/**
 * The mutations that the walk cannot do, or that by themselves change no record, each with the reason and the test
 * that reads its event instead. A mutation that can be done must not stand here, and one that cannot must.
 */
export interface RecordedElsewhere {
  reason: string;
  /** Path from the root of the repository. */
  file: string;
  /** The title of the test in it, as it stands there. */
  test: string;
}

const IDENTITY = 'subgraphs/identity/src';

export const RECORDED_ELSEWHERE: Readonly<Record<string, RecordedElsewhere>> = {
  'Mutation.register': {
    reason:
      'changes nothing before the link in the mail is followed: what confirmRegistration does is recorded',
    file: `${IDENTITY}/registration/registration.test.ts`,
    test: 'somebody founds an account, follows the link, and is its administrator',
  },
  'Mutation.requestPasswordReset': {
    reason: 'changes nothing before the link in the mail is followed: what resetPassword does is recorded',
    file: `${IDENTITY}/password-reset/password-reset.test.ts`,
    test: 'the log of the account tells of the reset and of failed sign-ins, that of another account does not',
  },
  'Mutation.refreshSession': {
    reason: 'goes on with a session and changes no record; the event is of a token that comes back',
    file: `${IDENTITY}/sessions/refresh.test.ts`,
    test: 'an old refresh token that comes back ends the session, its newest tokens included',
  },
  'Mutation.exchangeSignInCode': {
    reason: 'needs a provider where somebody signed in, and a browser that comes back from there',
    file: `${IDENTITY}/single-sign-on/oidc-sign-in.test.ts`,
    test: 'stands in the log, with the provider',
  },
  'Mutation.setUpAccount': {
    reason: 'founds another account than the one that the walk looks at, in whose log it stands',
    file: `${IDENTITY}/set-up/set-up.test.ts`,
    test: 'the log of the new account begins with its founding',
  },
  'Mutation.checkExternalCredential': {
    reason: 'calls the server of the credential, and the walk has none',
    file: `${IDENTITY}/credentials/credentials.test.ts`,
    test: 'stands in the log with what came of it',
  },
  'Mutation.replayWebhookDelivery': {
    reason: 'needs a delivery of a change, which somebody else must have sent to an endpoint',
    file: `${IDENTITY}/webhooks/webhooks.test.ts`,
    test: 'after three days of failures a delivery is parked, the webhook disabled, and the delivery can be replayed',
  },
};
