/**
 * A person deletes themselves. Name, address and password go, also out of the log; what they did stays, as done by
 * somebody who is no more. An account never loses its last administrator by it: it is handed over first, or, where
 * nobody else is in it, closed.
 */
import { claimPersonalValues, erasePersonalValues, recordChange, recordChanges } from '@iroko/changes';
import { type AccountTransaction, isId, type SystemTransaction } from '@iroko/database';
import { conflict, notFound } from '@iroko/errors';
import type { Viewer } from '@iroko/viewer';
import { spendLinksOf } from '../mail-links/mail-links.sql';
import {
  endMembershipRow,
  endSessionsIn,
  giveRoleTo,
  lastingMembership,
  revokeTokensOf,
  takeAllRolesFrom,
} from '../memberships/memberships.sql';
import { lockPerson, type OwnPersonRow, personById } from '../people/own-person.sql';
import { signedInPerson } from '../people/signed-in';
import { lockGranting } from '../roles/granter.sql';
import { type ProvingServices, proveOneself } from '../second-factor/prove-oneself';
import { deleteFactor } from '../second-factor/second-factor.sql';
import type { RequestOrigin } from '../sign-in/source';
import { leaveTeams } from '../teams/team-people';
import {
  accountsThatInvited,
  administratorRole,
  closeAccount,
  forgetEmailChanges,
  forgetInvitations,
  forgetPerson,
  forgetSubjects,
  type OwnMembershipRow,
  ownMemberships,
} from './delete-person.sql';

export interface DeleteMyselfInput {
  password: string;
  code?: string | null;
  handOvers?: readonly { accountId: string; userId: string }[] | null;
  closeAccounts?: readonly string[] | null;
}

const PATHS = { password: ['input', 'password'], code: ['input', 'code'] };

/**
 * Throws BAD_USER_INPUT (wrong password or code), NOT_FOUND (an account one is not in, a user who is no member), CONFLICT (an
 * account without another administrator that is neither handed over nor closed), FORBIDDEN for an API token.
 */
export async function deleteMyself(
  services: ProvingServices,
  viewer: Viewer,
  input: DeleteMyselfInput,
  from: RequestOrigin,
): Promise<void> {
  const { database } = services;
  const own = signedInPerson(viewer);
  const { userId } = own;
  const person = await personById(database.system, userId);
  const proof = { password: input.password, code: input.code ?? null };
  await proveOneself(services, { own, person }, proof, PATHS, from);
  await database.system.transaction(async (tx) => {
    const locked = await lockPerson(tx, userId);
    const known = await ownMemberships(tx, userId);
    refuseForeign(known, input);
    for (const { accountId } of known) {
      await lockGranting(tx.accountTransaction({ accountId, userId, requestId: from.requestId }));
    }
    // Looked at again: whoever was another administrator may have lost that while we waited.
    for (const membership of await ownMemberships(tx, userId)) {
      await leave(tx, userId, membership, input, from.requestId);
    }
    const invitedTo = await accountsThatInvited(tx, locked.emailKey);
    for (const accountId of new Set([...known, ...invitedTo].map((one) => one.accountId))) {
      await forgetIn(tx, accountId, locked, from.requestId);
    }
    await forgetEmailChanges(tx, userId);
    await deleteFactor(tx, userId);
    await spendLinksOf(tx, userId, ['RESET_PASSWORD']);
    await forgetPerson(tx, userId, `deleted-${userId}@deleted.invalid`);
  });
}

function refuseForeign(known: readonly OwnMembershipRow[], input: DeleteMyselfInput): void {
  const lasting = new Set(known.filter(({ lasts }) => lasts).map(({ accountId }) => accountId));
  const named = [
    ...(input.handOvers ?? []).map(({ accountId }) => accountId),
    ...(input.closeAccounts ?? []),
  ];
  const foreign = named.find((accountId) => !lasting.has(accountId));
  if (foreign !== undefined) throw notFound('Account', foreign);
}

async function leave(
  whole: SystemTransaction,
  userId: string,
  membership: OwnMembershipRow,
  input: DeleteMyselfInput,
  requestId: string,
): Promise<void> {
  const { accountId } = membership;
  const tx = whole.accountTransaction({ accountId, userId, requestId });
  if (membership.lasts) {
    await handOver(tx, userId, membership, input);
    await takeAllRolesFrom(tx, userId);
    await leaveTeams(tx, userId);
    await endMembershipRow(tx, userId);
    await revokeTokensOf(tx, userId);
    await endSessionsIn(whole, accountId, userId);
    await recordChange(tx, {
      subjectType: 'User',
      subjectId: userId,
      action: 'DELETE',
      before: null,
      after: null,
    });
  }
  await forgetSubjects(tx, userId);
}

/** Also where they were invited and never came. */
async function forgetIn(
  whole: SystemTransaction,
  accountId: string,
  { id: userId, emailKey }: OwnPersonRow,
  requestId: string,
): Promise<void> {
  // As nobody: the person may never have been in the account.
  const tx = whole.accountTransaction({ accountId, requestId });
  const ids = (await forgetInvitations(tx, userId, emailKey)).map(({ id }) => id);
  await claimPersonalValues(tx, 'Invitation', ids, userId);
  await recordChanges(
    tx,
    ids.map((id) => ({
      subjectType: 'Invitation',
      subjectId: id,
      action: 'FORGET',
      before: null,
      after: null,
    })),
  );
  await erasePersonalValues(tx, userId);
}

async function handOver(
  tx: AccountTransaction,
  userId: string,
  membership: OwnMembershipRow,
  input: DeleteMyselfInput,
): Promise<void> {
  const heir = input.handOvers?.find(({ accountId }) => accountId === tx.account);
  if (heir) await giveEverything(tx, userId, heir.userId, membership);
  else if (input.closeAccounts?.includes(tx.account)) await close(tx, membership);
  else if (membership.administrator && membership.otherAdministrators === 0) {
    throw conflict(
      `You are the last administrator of account ${tx.account}: hand it over with handOvers, or close it with closeAccounts where nobody else is in it.`,
      { fields: ['handOvers'], accountId: tx.account },
    );
  }
}

/** Nobody gives what they do not hold, not even when they go. */
async function giveEverything(
  tx: AccountTransaction,
  userId: string,
  heirId: string,
  { administrator }: OwnMembershipRow,
): Promise<void> {
  const heir = isId(heirId) && heirId !== userId ? await lastingMembership(tx, heirId) : undefined;
  if (!heir) throw notFound('User', heirId);
  const role = await administratorRole(tx);
  if (!administrator || !role) {
    throw conflict(`You do not administer account ${tx.account}, so there is nothing to hand over.`, {
      fields: ['handOvers'],
      accountId: tx.account,
    });
  }
  await giveRoleTo(tx, heir.userId, role.id);
  await recordChange(tx, {
    subjectType: 'Membership',
    subjectId: heir.userId,
    action: 'GIVE_ROLE',
    before: null,
    after: { roleId: role.id, role: role.name, handedOver: true },
  });
}

async function close(
  tx: AccountTransaction,
  { administrator, otherMembers }: OwnMembershipRow,
): Promise<void> {
  if (!administrator || otherMembers > 0) {
    throw conflict(`Account ${tx.account} is not yours alone: others are in it. Hand it over.`, {
      fields: ['closeAccounts'],
      accountId: tx.account,
    });
  }
  await closeAccount(tx);
  await recordChange(tx, {
    subjectType: 'Account',
    subjectId: tx.account,
    action: 'CLOSE',
    before: null,
    after: null,
  });
}
