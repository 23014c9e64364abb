/**
 * A link in a mail proves, once, that somebody reads the mails of an address: 32 random bytes, kept only as SHA-256.
 * The token stands behind the `#` of the address, so no server on the way and no log ever gets it.
 */
import { randomBytes } from 'node:crypto';
import { newId, type SystemDatabase, type SystemTransaction } from '@iroko/database';
import { badInput } from '@iroko/errors';
import type { MailLanguage } from '@iroko/mail';
import { tokenHash } from '@iroko/viewer';
import {
  insertMailLink,
  linkByHash,
  type MailLinkPurpose,
  type MailLinkRow,
  spendLink,
  spendLinksOf,
} from './mail-links.sql';

export type { MailLinkPurpose } from './mail-links.sql';

/** How long each is good, in minutes. */
const GOOD_FOR_MINUTES: Record<MailLinkPurpose, number> = {
  RESET_PASSWORD: 60,
  CONFIRM_REGISTRATION: 24 * 60,
  CONFIRM_OLD_ADDRESS: 24 * 60,
  CONFIRM_NEW_ADDRESS: 24 * 60,
  ACCEPT_INVITATION: 14 * 24 * 60,
};

/** What the page behind the link is told to do. */
const FRAGMENTS: Record<MailLinkPurpose, string> = {
  RESET_PASSWORD: 'reset',
  CONFIRM_REGISTRATION: 'register',
  CONFIRM_OLD_ADDRESS: 'email',
  CONFIRM_NEW_ADDRESS: 'email',
  ACCEPT_INVITATION: 'invitation',
};

const FORM = /^irokol_[A-Za-z0-9_-]{43}$/;

/** Makes links that lead to one page. */
export class MailLinks {
  /** `page` is asked at each link: the address of this server is known only once it listens. */
  constructor(private readonly page: () => string) {}

  /** Writes a new link and returns what stands in the mail, in the language of the mail. */
  async make(
    db: SystemDatabase,
    purpose: MailLinkPurpose,
    subjectId: string,
    language: MailLanguage,
  ): Promise<string> {
    const token = `irokol_${randomBytes(32).toString('base64url')}`;
    const hash = tokenHash(token);
    await insertMailLink(db, { id: newId(), purpose, subjectId, hash, minutes: GOOD_FOR_MINUTES[purpose] });
    return `${this.page()}#${FRAGMENTS[purpose]}=${token}&lang=${language}`;
  }
}

/** The link of a token, not used up yet. Throws BAD_USER_INPUT that says what is wrong with it. */
export async function goodLink(
  db: SystemDatabase,
  purposes: readonly MailLinkPurpose[],
  token: string,
): Promise<MailLinkRow> {
  const found = FORM.test(token) ? await linkByHash(db, tokenHash(token)) : undefined;
  if (!found || !purposes.includes(found.purpose)) {
    throw refusedLink('unknown', 'This link is not known. Copy the whole address from the mail.');
  }
  if (found.used) throw refusedLink('used', 'This link was used before, and a link works once.');
  if (found.expired) throw refusedLink('expired', 'This link has expired. Ask for a new one.');
  return found;
}

/** Uses the link up, with all others of the same purpose and subject. Throws BAD_USER_INPUT when another request did. */
export async function useLink(tx: SystemTransaction, link: MailLinkRow): Promise<void> {
  if ((await spendLink(tx, link.id)) === 0) {
    throw refusedLink('used', 'This link was used before, and a link works once.');
  }
  await spendLinksOf(tx, link.subjectId, [link.purpose]);
}

export function refusedLink(reason: 'unknown' | 'used' | 'expired', message: string) {
  return badInput(message, { path: ['token'], reason });
}
