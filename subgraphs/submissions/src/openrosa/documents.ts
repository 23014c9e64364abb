/** What OpenRosa 1.0 answers with: small XML documents, with every text escaped. */
import type { OfferedForm } from '../forms/forms.sql';

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
}

/** `addressOf` gives the address from which a version is downloaded. */
export function formListXml(forms: readonly OfferedForm[], addressOf: (form: OfferedForm) => string): string {
  const entries = forms.map(
    (form) =>
      `  <xform>
    <formID>${escapeXml(form.formId)}</formID>
    <name>${escapeXml(form.name)}</name>
    <version>${escapeXml(form.version)}</version>
    <hash>md5:${form.md5}</hash>
    <downloadUrl>${escapeXml(addressOf(form))}</downloadUrl>
  </xform>\n`,
  );
  return `${DECLARATION}<xforms xmlns="http://openrosa.org/xforms/xformsList">\n${entries.join('')}</xforms>`;
}

/** The files a form needs beside its definition; forms have none yet. */
export const EMPTY_MANIFEST_XML = `${DECLARATION}<manifest xmlns="http://openrosa.org/xforms/xformsManifest"/>`;

/** `submit_success` and `submit_failure` are what phones look for besides the status. */
export function responseXml(nature: 'submit_success' | 'submit_failure' | '', message: string): string {
  const mark = nature === '' ? '' : ` nature="${nature}"`;
  return `${DECLARATION}<OpenRosaResponse xmlns="http://openrosa.org/http/response"><message${mark}>${escapeXml(message)}</message></OpenRosaResponse>`;
}
