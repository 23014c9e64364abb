/**
 * The mailbox as a page, for whoever tries Iroko on their own machine: `npm start` with the embedded database adds
 * it in development, nothing else does.
 *
 * It answers only a browser on this machine that asked for this machine by name: a proxy on the way, or a page of
 * somebody else that made its own name lead here, gets nothing.
 */
import type { Database } from '@iroko/database';
import type { HttpReply, HttpRequest, Route } from '@iroko/http';
import { type KeptMail, readMailbox } from './mailbox';

const SHOWN_MAILS = 50;
const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/i;
const LOCAL_HOST = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i;
const PROXY_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'via'] as const;

export function mailPageRoute(database: Database): Route {
  return {
    method: 'GET',
    path: '/mail',
    description: 'The mails that no mail server took, for the browser of whoever runs Iroko on this machine.',
    handler: async (request) =>
      isLocal(request)
        ? page(await readMailbox(database, { limit: SHOWN_MAILS }))
        : { status: 404, body: '' },
  };
}

function isLocal({ remoteAddress, headers }: HttpRequest): boolean {
  return (
    LOOPBACK.test(remoteAddress) &&
    LOCAL_HOST.test(headers.host ?? '') &&
    PROXY_HEADERS.every((name) => headers[name] === undefined)
  );
}

function page(mails: readonly KeptMail[]): HttpReply {
  const articles = mails.map(
    ({ to, subject, text, at }) =>
      `<article><h2>${escaped(subject)}</h2><p>${escaped(to)}, ${at.toISOString()}</p><pre>${linked(text)}</pre></article>`,
  );
  return {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    },
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Mails</title>
<style>body{font-family:sans-serif;max-width:50em;margin:2em auto}article{border-top:1px solid #999}pre{white-space:pre-wrap}</style>
</head><body><h1>Mails</h1><p>No mail server is set (SMTP_URL), so mails stay here.</p>
${articles.join('\n') || '<p>There are none.</p>'}</body></html>`,
  };
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** An address that stands on a line of its own, as the button of a mail does, can be followed. */
function linked(text: string): string {
  return text
    .split('\n')
    .map((line) =>
      /^https?:\/\/\S+$/.test(line)
        ? `<a href="${escaped(line)}" rel="noreferrer">${escaped(line)}</a>`
        : escaped(line),
    )
    .join('\n');
}
