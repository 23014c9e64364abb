/**
 * What a sign-in provider must look like, before anything of it is kept.
 */
import { domainToASCII } from 'node:url';
import { badInput } from '@iroko/errors';

const LIST_MAX = 20;
const CLIENT_ID_LENGTH_MAX = 500;
const URL_LENGTH_MAX = 2048;

/** Only this machine is trusted without TLS; there it is the operator who lists it in OUTBOUND_ALLOW. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** Passwords and codes pass here: https, but on this machine. The text stays as it is: issuers compare letter by letter. */
export function checkedProviderUrl(text: string, path: string[]): string {
  const url = webUrl(text, path);
  if (url.search === '' && url.hash === '') return text;
  throw badInput('The address has neither a query nor a fragment.', { path });
}

/** A secret of the client is sent in a header and a form: printable characters. */
export function checkedClient(text: string, path: string[]): string {
  if (/^[\x20-\x7e]+$/.test(text) && text.trim() === text && text.length <= CLIENT_ID_LENGTH_MAX) return text;
  throw badInput(`It has 1 to ${CLIENT_ID_LENGTH_MAX} printable ASCII characters.`, { path });
}

export function checkedReturnUrls(list: readonly string[], path: string[]): string[] {
  refuseLong(list, path);
  return [
    ...new Set(
      list.map((text) => {
        const url = webUrl(text, path);
        if (url.hash !== '') throw badInput('A page to return to has no fragment.', { path });
        return url.href;
      }),
    ),
  ];
}

export function checkedDomains(list: readonly string[], path: string[]): string[] {
  refuseLong(list, path);
  return [...new Set(list.map((text) => checkedDomain(text, path)))].sort();
}

/** In its ASCII form, lower case, as the key of an address has it. */
function checkedDomain(text: string, path: string[]): string {
  const domain = domainToASCII(text.trim().toLowerCase().replace(/^@/, ''));
  const isDomain =
    domain.length <= 253 && /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*$/.test(domain);
  if (isDomain) return domain;
  throw badInput(`${JSON.stringify(text.slice(0, 100))} is no mail domain such as health.example.org.`, {
    path,
  });
}

function webUrl(text: string, path: string[]): URL {
  if (text.length > URL_LENGTH_MAX || !URL.canParse(text)) {
    throw badInput('This is no address such as https://example.org/.', { path });
  }
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    throw badInput('The address holds a user name or password. Leave it out.', { path });
  }
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url))) return url;
  throw badInput('The address must begin with https://, since what passes there opens the account.', {
    path,
  });
}

function refuseLong(list: readonly string[], path: string[]): void {
  if (list.length <= LIST_MAX) return;
  throw badInput(`There are ${list.length} entries; ${LIST_MAX} are allowed.`, { path });
}
