/** Which account an anonymous request means: the one its header names, else the one its host is called after. */

/** The headers that say who asks and where; of each the first value counts. */
export type RequestHeaders = Readonly<
  Partial<Record<'authorization' | 'x-iroko-account' | 'host', string | string[] | undefined>>
> & { readonly authorization?: string | undefined };

const SLUG = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Undefined when neither names one; what cannot be a slug names none. */
export function accountSlug(headers: RequestHeaders, hostSuffix: string | undefined): string | undefined {
  const named = first(headers['x-iroko-account'])?.trim().toLowerCase();
  if (named !== undefined) return SLUG.test(named) ? named : undefined;
  const host = first(headers.host)?.toLowerCase().replace(/:\d+$/, '');
  const suffix = hostSuffix && `.${hostSuffix.toLowerCase()}`;
  if (!suffix || !host?.endsWith(suffix)) return undefined;
  const label = host.slice(0, -suffix.length);
  return SLUG.test(label) ? label : undefined;
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
