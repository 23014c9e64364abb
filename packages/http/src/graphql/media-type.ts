/**
 * Which of the two media types of GraphQL over HTTP a client wants. They differ in what a status code says:
 * under `application/json` it speaks of the request, under the newer one of the operation too.
 */
export const JSON_TYPE = 'application/json; charset=utf-8';
export const GRAPHQL_TYPE = 'application/graphql-response+json; charset=utf-8';

export type ResponseType = typeof JSON_TYPE | typeof GRAPHQL_TYPE;

/** Undefined when the client accepts neither. Without an `accept` header it gets `application/json`. */
export function responseType(accept: string | undefined): ResponseType | undefined {
  if (!accept || accept === '*/*' || accept === 'application/json') return JSON_TYPE;
  let best: { type: ResponseType; quality: number } | undefined;
  for (const range of accept.split(',')) {
    const type = typeOf(range);
    if (type && (!best || type.quality > best.quality)) best = type;
  }
  return best && best.quality > 0 ? best.type : undefined;
}

function typeOf(range: string): { type: ResponseType; quality: number } | undefined {
  const [name, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((part) => part.startsWith('q='))?.slice(2);
  const charset = parameters.find((part) => part.startsWith('charset='))?.slice('charset='.length);
  if (charset && !/^"?utf-?8"?$/.test(charset)) return undefined;
  const weight = quality === undefined ? 1 : Number(quality) || 0;
  if (name === 'application/graphql-response+json') return { type: GRAPHQL_TYPE, quality: weight };
  if (name === 'application/json' || name === 'application/*' || name === '*/*') {
    return { type: JSON_TYPE, quality: weight };
  }
  return undefined;
}
