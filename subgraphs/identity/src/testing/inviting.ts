/**
 * Inviting, as tests of invitations do it.
 */
import type { SeededAccount, SeededMember } from '@iroko/testing';
import type { Answer, AskOptions, IdentityUnderTest } from './identity-under-test';

export const INVITED_PASSWORD = 'seven lamps under the wide river';

const FIELDS = `id email status roles { name } teams { name } scope { orgUnitIds projectIds } mailedAt expiresAt
  invitedBy { id } acceptedBy { id }`;

export interface Invited {
  id: string;
  status: string;
  scope: object;
}

export interface Inviting {
  invite(input: Record<string, unknown>, by?: SeededMember): Promise<Answer>;
  /** Expects that it worked. */
  invited(input: Record<string, unknown>, by?: SeededMember): Promise<Invited>;
  change(mutation: string, id: string, by?: SeededMember): Promise<Answer>;
  accept(variables: Record<string, unknown>, options?: AskOptions): Promise<Answer>;
  list(by: SeededMember, status?: string): Promise<{ totalCount: number; nodes: Invited[] }>;
}

/** By the administrator of the account where nobody else is said. */
export function inviting(identity: IdentityUnderTest, account: () => SeededAccount): Inviting {
  const as = (by: SeededMember = account().administrator) => ({ token: by.accessToken });
  const invite: Inviting['invite'] = (input, by) =>
    identity.ask(`mutation ($input: InviteUserInput!) { inviteUser(input: $input) { ${FIELDS} } }`, {
      ...as(by),
      variables: { input },
    });
  return {
    invite,
    invited: async (input, by) => {
      const { data, errors } = await invite(input, by);
      expect(errors).toEqual([]);
      return data?.inviteUser as Invited;
    },
    change: (mutation, id, by) =>
      identity.ask(`mutation ($id: ID!) { ${mutation}(id: $id) { ${FIELDS} } }`, {
        ...as(by),
        variables: { id },
      }),
    accept: (variables, options = {}) =>
      identity.ask(
        'mutation ($token: String!, $password: String, $firstName: String) { acceptInvitation(token: $token, password: $password, firstName: $firstName) }',
        { ...options, variables: { password: INVITED_PASSWORD, firstName: 'Grace', ...variables } },
      ),
    list: async (by, status) => {
      const { data } = await identity.ask(
        `query ($status: InvitationStatus) { invitations(filter: { status: $status }, first: 100) { totalCount nodes { ${FIELDS} } } }`,
        { ...as(by), variables: { status: status ?? null } },
      );
      return data?.invitations as { totalCount: number; nodes: Invited[] };
    },
  };
}
