/**
 * Mail domains whose people may join an account by themselves.
 */
import { badInput } from '@iroko/errors';
import { parseEmail } from '../users/email';

const DOMAINS_MAX = 50;

/** The domain of a folded address. */
export function domainOf(emailKey: string): string {
  return emailKey.slice(emailKey.lastIndexOf('@') + 1);
}

/**
 * Domains in their ASCII form, each once, in alphabetical order. Throws BAD_USER_INPUT that names the path. Whoever
 * lets a domain in lets in all who can have an address there, so domains of mail providers would let in everybody;
 * nobody can list those, so the message for people says it.
 */
export function checkedMailDomains(domains: readonly string[], path: string[]): string[] {
  if (domains.length > DOMAINS_MAX) {
    throw badInput(`${domains.length} domains are given; ${DOMAINS_MAX} are allowed.`, { path });
  }
  const keys = domains.map((domain) => {
    const email = parseEmail(`a@${domain.trim().replace(/^@/, '')}`);
    if (email && domainOf(email.key).includes('.')) return domainOf(email.key);
    throw badInput(
      `${JSON.stringify(domain.slice(0, 100))} is no mail domain; one looks like sante.gouv.example.`,
      {
        path,
      },
    );
  });
  return [...new Set(keys)].sort();
}
