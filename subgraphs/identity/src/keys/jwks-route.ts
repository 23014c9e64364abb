/**
 * Publishes the public keys, so that anybody can verify an access token without asking us about each.
 */
import type { Database } from '@iroko/database';
import type { Route } from '@iroko/http';
import { publishedKeys } from './signing-keys.sql';

/** Short, since a new key signs at once: a verifier that meets an unknown key asks again. */
const CACHE_SECONDS = 60;

export function jwksRoute(database: Database): Route {
  return {
    method: 'GET',
    path: '/.well-known/jwks.json',
    description: 'The public keys that verify access tokens, as a JSON Web Key Set (RFC 7517).',
    handler: async () => {
      const rows = await publishedKeys(database.system);
      return {
        headers: { 'cache-control': `public, max-age=${CACHE_SECONDS}` },
        json: { keys: rows.map((row) => row.publicJwk) },
      };
    },
  };
}
