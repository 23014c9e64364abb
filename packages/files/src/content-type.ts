/**
 * What a file is, by its bytes. What the sender says counts for little: it is often wrong and sometimes a lie.
 */

/** How many bytes of the beginning and of the end are looked at. */
export const SNIFFED_BYTES = 65_536;

export const CONTENT_TYPES = {
  csv: 'text/csv',
  text: 'text/plain',
  json: 'application/json',
  geojson: 'application/geo+json',
  xml: 'application/xml',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  geopackage: 'application/geopackage+sqlite3',
  sqlite: 'application/vnd.sqlite3',
  zip: 'application/zip',
  pdf: 'application/pdf',
  png: 'image/png',
  jpeg: 'image/jpeg',
  unknown: 'application/octet-stream',
} as const;

const MAGIC: readonly [string, Buffer][] = [
  [CONTENT_TYPES.pdf, Buffer.from('%PDF-')],
  [CONTENT_TYPES.png, Buffer.from('89504e470d0a1a0a', 'hex')],
  [CONTENT_TYPES.jpeg, Buffer.from('ffd8ff', 'hex')],
];

/** Kinds that a browser does not run, for which the sender's word is taken when the bytes say nothing. */
const HARMLESS = /^(audio|video|image)\/[a-z0-9.+-]{1,60}$/;

/** The content type of a file from its first and its last bytes. */
export function contentTypeOf(head: Buffer, tail: Buffer, claimed?: string): string {
  const known = MAGIC.find(([, magic]) => head.subarray(0, magic.length).equals(magic));
  if (known) return known[0];
  if (begins(head, 'SQLite format 3\0')) return sqliteType(head);
  if (begins(head, 'PK\x03\x04') || begins(head, 'PK\x05\x06')) return zipType(head, tail);
  const sniffed = textType(head);
  const said = claimed?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (sniffed === CONTENT_TYPES.json && said === CONTENT_TYPES.geojson) return said;
  return sniffed === CONTENT_TYPES.unknown && HARMLESS.test(said) && said !== 'image/svg+xml'
    ? said
    : sniffed;
}

function begins(head: Buffer, text: string): boolean {
  return head.subarray(0, text.length).toString('latin1') === text;
}

const APPLICATION_ID_AT = 68;
const GEOPACKAGE_IDS = new Set(['GPKG', 'GP10', 'GP11']);

function sqliteType(head: Buffer): string {
  const applicationId = head.subarray(APPLICATION_ID_AT, APPLICATION_ID_AT + 4).toString('latin1');
  return GEOPACKAGE_IDS.has(applicationId) ? CONTENT_TYPES.geopackage : CONTENT_TYPES.sqlite;
}

/** A workbook lists its main part by this name, in the local headers at the front or in the directory at the end. */
function zipType(head: Buffer, tail: Buffer): string {
  const name = Buffer.from('xl/workbook.xml');
  return head.includes(name) || tail.includes(name) ? CONTENT_TYPES.xlsx : CONTENT_TYPES.zip;
}

const SEPARATORS = /[,;\t|]/;

function textType(head: Buffer): string {
  const text = decoded(head);
  if (text === undefined) return CONTENT_TYPES.unknown;
  const start = text.trimStart();
  if (start.startsWith('<')) return CONTENT_TYPES.xml;
  if (/^[{[]/.test(start) && looksLikeJson(start)) return CONTENT_TYPES.json;
  const firstLine = start.split(/\r?\n|\r/, 1)[0] ?? '';
  return SEPARATORS.test(firstLine) ? CONTENT_TYPES.csv : CONTENT_TYPES.text;
}

/** Undefined for what is no text: control characters other than space, or nothing at all. */
function decoded(head: Buffer): string | undefined {
  if (head.length === 0) return undefined;
  const utf16 = head[0] === 0xff && head[1] === 0xfe ? 'utf16le' : undefined;
  const text = head.toString(utf16 ?? 'latin1').replace(/^(\uFEFF|\u00ef\u00bb\u00bf)/, '');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what tells bytes from text
  return /[\x00-\x08\x0e-\x1f\x7f]/.test(text) ? undefined : text;
}

/** A CSV may begin with a bracket too: JSON goes on with a value, a key or the end. */
function looksLikeJson(start: string): boolean {
  return /^\{\s*("|\}|$)/.test(start) || /^\[\s*(["{[\]\-0-9]|true|false|null|$)/.test(start);
}
