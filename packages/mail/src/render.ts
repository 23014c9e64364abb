/**
 * How a mail looks: as plain text, and as HTML that says the same. No pictures, no style sheet, nothing loaded from
 * anywhere: a mail must not tell when it is read.
 */
import { type MailLanguage, type MailText, mailText } from './words';

export interface RenderedMail {
  subject: string;
  text: string;
  html: string;
}

const LINE_ABOVE_URL: Record<MailLanguage, string> = {
  en: 'If the button does not work, copy this address into a browser:',
  fr: 'Si le bouton ne fonctionne pas, copiez cette adresse dans un navigateur :',
  pt: 'Se o botão não funcionar, copie este endereço para um navegador:',
};

/** Throws a ZodError for a subject of more than one line and for anything else that is no mail. */
export function renderMail(words: MailText, language: MailLanguage): RenderedMail {
  const { subject, paragraphs, button } = mailText.parse(words);
  const text = [...paragraphs, ...(button ? [`${button.label}:\n${button.url}`] : [])].join('\n\n');
  const body = paragraphs.map((paragraph) => `<p>${lines(paragraph)}</p>`);
  if (button) {
    const url = escaped(button.url);
    body.push(
      `<p><a href="${url}" style="${BUTTON}">${escaped(button.label)}</a></p>`,
      `<p style="color:#555">${LINE_ABOVE_URL[language]}<br><a href="${url}">${url}</a></p>`,
    );
  }
  const html = [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${escaped(subject)}</title></head>`,
    `<body style="font-family:sans-serif;line-height:1.5;max-width:40em">${body.join('\n')}</body></html>`,
  ].join('\n');
  return { subject, text: `${text}\n`, html };
}

const BUTTON =
  'display:inline-block;padding:.6em 1.2em;background:#1a5e3a;color:#fff;text-decoration:none;border-radius:4px';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}

function lines(paragraph: string): string {
  return paragraph
    .split(/\r\n|\r|\n/)
    .map(escaped)
    .join('<br>');
}
