/**
 * Mails by SMTP. The mail server is the operator's: its name comes from SMTP_URL and from nowhere else.
 *
 * With a user name in the URL nothing is sent before the connection is encrypted, unless the server is on this very
 * machine: else somebody on the way could ask for plain text and read the password.
 */
import { badInput, unavailable } from '@iroko/errors';
import { createTransport } from 'nodemailer';
import type { OutgoingMail, Post } from './post';

const CONNECT_MS = 10_000;
/** Between two answers of the server; some look a mail over before they take it. */
const ANSWER_MS = 60_000;
const CONNECTIONS_MAX = 2;
/** What of a server's own words is shown. */
const WORDS_LENGTH_MAX = 200;

export interface SmtpOptions {
  /** `smtp://user:password@mail.example.org:587`, or `smtps://…` where encryption comes first. */
  url: string;
  /** Such as `Iroko <iroko@example.org>`. */
  from: string;
}

export class SmtpPost implements Post {
  private readonly transport;
  private readonly domain: string;

  constructor(private readonly options: SmtpOptions) {
    const { hostname, username } = new URL(options.url);
    this.transport = createTransport({
      url: options.url,
      pool: true,
      maxConnections: CONNECTIONS_MAX,
      requireTLS: username !== '' && !isThisMachine(hostname),
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      socketTimeout: ANSWER_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    this.domain = /@([^@>\s]+)>?\s*$/.exec(options.from)?.[1] ?? 'localhost';
  }

  async deliver({ id, to, subject, text, html, unsubscribe }: OutgoingMail): Promise<void> {
    try {
      await this.transport.sendMail({
        from: this.options.from,
        // As an object it is one address; as a text, commas would make it several.
        to: { name: '', address: to },
        subject,
        text,
        html,
        messageId: `<${id}@${this.domain}>`,
        headers: { 'auto-submitted': 'auto-generated', ...(unsubscribe && listHeaders(unsubscribe)) },
      });
    } catch (error) {
      throw failure(error as SmtpError);
    }
  }

  close(): void {
    this.transport.close();
  }
}

/** RFC 8058. */
function listHeaders(url: string): Record<string, string> {
  return {
    'list-unsubscribe': `<${new URL(url).href}>`,
    'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
  };
}

interface SmtpError extends Error {
  code?: string;
  responseCode?: number;
  response?: string;
}

/** In words for whoever looks after the mail server; the address is not repeated, since jobs are read by others. */
function failure({ code, responseCode, response, message }: SmtpError) {
  const words = (response ?? message)
    .replace(/\S+@\S+/g, '…')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .slice(0, WORDS_LENGTH_MAX);
  if (code === 'EAUTH') {
    return unavailable(`The mail server refused the user name and password of SMTP_URL: ${words}`, 'mail');
  }
  // Only what was said of this mail is about this mail; the rest is about the server.
  if (responseCode === undefined || (code !== 'EENVELOPE' && code !== 'EMESSAGE')) {
    return unavailable(`The mail server of SMTP_URL could not be used: ${words}`, 'mail');
  }
  if (responseCode >= 500) {
    return badInput(`The mail server refused this mail for good: ${words}`);
  }
  return unavailable(`The mail server did not take this mail now: ${words}`, 'mail');
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname);
}
