/**
 * Names of files, as people gave them. They are shown and offered for saving, never used as a path.
 */

const MAX_LENGTH = 255;

/** The last part of what was sent, without control characters; `file` when nothing is left. */
export function cleanFileName(sent: string | null | undefined): string {
  const last = (sent ?? '').split(/[\\/]/).at(-1) ?? '';
  // Control characters could forge a header or a line of a log, those of direction a false extension.
  const name = last.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, '').trim();
  return name === '' || name === '.' || name === '..' ? 'file' : [...name].slice(0, MAX_LENGTH).join('');
}

/** A Content-Disposition per RFC 6266: plain letters for old clients, UTF-8 for the others. */
export function attachmentHeader(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
