/**
 * The page that links in mails lead to, where no dashboard takes them (LINK_URL). Everything it loads comes from here,
 * and its address tells nobody what the link proves: that stands behind the `#`.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Route } from '@iroko/http';

const ASSETS = join(__dirname, '..', '..', 'assets');

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PARTS = [
  {
    path: '/link',
    file: 'link.html',
    type: 'text/html; charset=utf-8',
    description: 'Where links in mails lead.',
  },
  {
    path: '/link/page.css',
    file: 'link.css',
    type: 'text/css; charset=utf-8',
    description: 'A part of that page.',
  },
  {
    path: '/link/page.js',
    file: 'link.js',
    type: 'text/javascript; charset=utf-8',
    description: 'A part of that page.',
  },
] as const;

export function linkPageRoutes(): Route[] {
  return PARTS.map(({ path, file, type, description }) => ({
    method: 'GET',
    path,
    description,
    handler: async () => ({
      headers: {
        'content-type': type,
        'cache-control': 'no-cache',
        'content-security-policy': CONTENT_SECURITY_POLICY,
        'referrer-policy': 'no-referrer',
        'x-frame-options': 'DENY',
        'cross-origin-opener-policy': 'same-origin',
      },
      body: await readFile(join(ASSETS, file)),
    }),
  }));
}
