/**
 * The way out of mails, without signing in: a link in each, and one click in mail programs that offer it (RFC 8058).
 * Opening the link only asks; mail scanners open links too.
 */
import type { Database } from '@iroko/database';
import type { HttpReply, HttpRequest, Route } from '@iroko/http';
import type { MasterKeys } from '@iroko/secrets';
import { Seal } from '@iroko/secrets';
import { setStopped } from './notice-rules';
import { activeRule } from './planning.sql';

const PATH = '/notices/:token/stop';
const CONTEXT = 'stop';

interface Wish {
  accountId: string;
  ruleId: string;
}

/** Makes and reads the links. Whoever has one can stop that rule and nothing else. */
export class Unsubscribing {
  private readonly seal: Seal;

  constructor(
    masterKeys: MasterKeys,
    private readonly publicUrl: () => string,
  ) {
    this.seal = new Seal(masterKeys, 'notice rule');
  }

  url(accountId: string, ruleId: string): string {
    const token = this.seal.close(Buffer.from(JSON.stringify([accountId, ruleId])), CONTEXT);
    return `${this.publicUrl()}${PATH.replace(':token', token.toString('base64url'))}`;
  }

  /** Undefined for a link that was changed, or is none of ours. */
  read(token: string): Wish | undefined {
    const sealed = Buffer.from(token, 'base64url');
    // Decoders pass over what is no base64url: only the text that was given out counts.
    if (sealed.toString('base64url') !== token) return undefined;
    try {
      const plain = this.seal.open(sealed, CONTEXT);
      const [accountId, ruleId] = JSON.parse(plain.toString());
      return { accountId, ruleId };
    } catch {
      return undefined;
    }
  }
}

export function unsubscribeRoutes(database: Database, unsubscribing: Unsubscribing): Route[] {
  const found = async (request: HttpRequest) => {
    const wish = unsubscribing.read(request.params.token ?? '');
    if (!wish) return undefined;
    const { requestId } = request;
    const db = database.forAccount({ accountId: wish.accountId, requestId });
    return { db, ruleId: wish.ruleId, rule: await activeRule(db, wish.ruleId) };
  };
  return [
    {
      method: 'GET',
      path: PATH,
      description: 'Asks whether the mails of a notice rule shall stop; the link stands in each of them.',
      handler: async (request) => {
        const asked = await found(request);
        if (!asked) return page(404, 'This link does not lead anywhere', WRONG_LINK);
        if (!asked.rule) return page(200, 'Stopped', STOPPED);
        return page(
          200,
          'Stop these mails?',
          `<p>Mails about “${escaped(asked.rule.name)}” of ${escaped(asked.rule.accountName)}.</p>
<form method="post"><button>Stop them</button></form>`,
        );
      },
    },
    {
      method: 'POST',
      path: PATH,
      description: 'Stops the mails of a notice rule. Twice is no error.',
      handler: async (request) => {
        const asked = await found(request);
        if (!asked) return page(404, 'This link does not lead anywhere', WRONG_LINK);
        const { db, ruleId, rule } = asked;
        if (rule) await setStopped(db, rule.userId, ruleId, true);
        return page(200, 'Stopped', STOPPED);
      },
    },
  ];
}

const WRONG_LINK = '<p>Copy the whole address from the mail, or sign in and stop the notice rule there.</p>';
const STOPPED = '<p>You get no more of these mails.</p>';

function page(status: number, title: string, content: string): HttpReply {
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'; form-action 'self'; frame-ancestors 'none'",
    },
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title></head>
<body><h1>${title}</h1>${content}</body></html>`,
  };
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
