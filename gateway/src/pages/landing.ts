/**
 * The landing page: the state of the services, and a GraphQL explorer. Everything it loads comes from here, so
 * that it works without the internet and tells nobody who looks at it.
 */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { HttpReply, HttpRequest, Route } from '@iroko/http';

const ASSETS = join(__dirname, '..', '..', 'assets');

/**
 * Everything only from here, and nothing written into the page. The explorer's fonts and icons are data inside
 * its style sheet.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

interface Page {
  readonly path: string;
  readonly file: () => string;
  readonly type: string;
}

const JAVASCRIPT = 'text/javascript; charset=utf-8';
const CSS = 'text/css; charset=utf-8';

const PAGES: readonly Page[] = [
  { path: '/', file: () => join(ASSETS, 'landing.html'), type: 'text/html; charset=utf-8' },
  { path: '/assets/landing.css', file: () => join(ASSETS, 'landing.css'), type: CSS },
  { path: '/assets/landing.js', file: () => join(ASSETS, 'landing.js'), type: JAVASCRIPT },
  { path: '/assets/icon.svg', file: () => join(ASSETS, 'icon.svg'), type: 'image/svg+xml' },
  { path: '/assets/graphiql.css', file: () => inPackage('graphiql', 'graphiql.min.css'), type: CSS },
  { path: '/assets/graphiql.js', file: () => inPackage('graphiql', 'graphiql.min.js'), type: JAVASCRIPT },
  {
    path: '/assets/react.js',
    file: () => inPackage('react', 'umd/react.production.min.js'),
    type: JAVASCRIPT,
  },
  {
    path: '/assets/react-dom.js',
    file: () => inPackage('react-dom', 'umd/react-dom.production.min.js'),
    type: JAVASCRIPT,
  },
];

export function landingRoutes(): Route[] {
  return PAGES.flatMap((page) => {
    const handler = handlerOf(page);
    const description = page.path === '/' ? 'The landing page.' : 'A part of the landing page.';
    return [
      { method: 'GET', path: page.path, description, handler } as const,
      { method: 'HEAD', path: page.path, description, handler } as const,
    ];
  });
}

interface Content {
  readonly plain: Buffer;
  readonly packed: Buffer;
  readonly tag: string;
}

/** A file is read at its first use and kept: together they are 2 MB. */
function handlerOf(page: Page): (request: HttpRequest) => Promise<HttpReply> {
  let content: Promise<Content> | undefined;
  return async ({ headers }) => {
    content ??= read(page.file()).catch((error: unknown) => {
      content = undefined;
      throw error;
    });
    const { plain, packed, tag } = await content;
    const common = {
      etag: tag,
      'cache-control': 'no-cache',
      vary: 'accept-encoding',
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
    };
    if (headers['if-none-match'] === tag) return { status: 304, headers: common };
    const unpacked = { ...common, 'content-type': page.type };
    return /\bgzip\b/.test(String(headers['accept-encoding'] ?? ''))
      ? { headers: { ...unpacked, 'content-encoding': 'gzip' }, body: packed }
      : { headers: unpacked, body: plain };
  };
}

async function read(file: string): Promise<Content> {
  const plain = await readFile(file);
  const packed = await promisify(gzip)(plain);
  return { plain, packed, tag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"` };
}

/** Packages close their insides to `require`; their own description is always open. */
function inPackage(name: string, file: string): string {
  return join(dirname(require.resolve(`${name}/package.json`)), file);
}
