/** What a notice says, in the language of its reader. Types and fields bear the names they have in the API. */
import { inSubject, type MailLanguage, type MailText } from '@iroko/mail';

export interface NoticeLine {
  at: Date;
  subjectType: string;
  action: string;
  /** Its name, or its id where it has none. */
  subject: string;
  /** The fields that changed; none for what is new or gone. */
  fields: readonly string[];
  /** Who did it, as far as the reader may know. */
  by: string | null;
}

export interface Notice {
  name: string;
  accountName: string;
  timeZone: string;
  lines: readonly NoticeLine[];
  /** All of them; `lines` has the first. */
  count: number;
  /** Where the reader stops these mails. */
  url: string;
}

const LINE_LENGTH_MAX = 150;

interface Wording {
  changes(count: number): string;
  because(name: string, account: string): string;
  more(count: number): string;
  by: string;
  stop: string;
  actions: Readonly<Record<string, string>>;
}

const WORDING: Readonly<Record<MailLanguage, Wording>> = {
  en: {
    changes: (count) => (count === 1 ? '1 change' : `${count} changes`),
    because: (name, account) => `You asked to be told of “${name}” in ${account}.`,
    more: (count) => `and ${count} more.`,
    by: 'by',
    stop: 'Stop these mails',
    actions: {
      CREATE: 'created',
      UPDATE: 'changed',
      DELETE: 'deleted',
      REMOVE: 'removed',
      MOVE: 'moved',
      RELEASE: 'released',
      IMPORT: 'imported',
    },
  },
  fr: {
    changes: (count) => (count === 1 ? '1 changement' : `${count} changements`),
    because: (name, account) => `Vous avez demandé à être informé de « ${name} » dans ${account}.`,
    more: (count) => `et ${count} de plus.`,
    by: 'par',
    stop: 'Ne plus recevoir ces courriels',
    actions: {
      CREATE: 'créé',
      UPDATE: 'modifié',
      DELETE: 'supprimé',
      REMOVE: 'retiré',
      MOVE: 'déplacé',
      RELEASE: 'publié',
      IMPORT: 'importé',
    },
  },
  pt: {
    changes: (count) => (count === 1 ? '1 alteração' : `${count} alterações`),
    because: (name, account) => `Pediu para ser informado de «${name}» em ${account}.`,
    more: (count) => `e mais ${count}.`,
    by: 'por',
    stop: 'Deixar de receber estes e-mails',
    actions: {
      CREATE: 'criado',
      UPDATE: 'alterado',
      DELETE: 'eliminado',
      REMOVE: 'removido',
      MOVE: 'movido',
      RELEASE: 'publicado',
      IMPORT: 'importado',
    },
  },
};

export function noticeWords(notice: Notice, language: MailLanguage): MailText {
  const { name, accountName, timeZone, lines, count, url } = notice;
  const wording = WORDING[language];
  const clock = new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'short', timeZone });
  const rest = count - lines.length;
  return {
    subject: `${inSubject(name)}: ${wording.changes(count)}`,
    paragraphs: [
      wording.because(oneLine(name), oneLine(accountName)),
      [...lines.map((line) => lineOf(line, wording, clock)), ...(rest > 0 ? [wording.more(rest)] : [])].join(
        '\n',
      ),
    ],
    button: { label: wording.stop, url },
  };
}

function lineOf(line: NoticeLine, wording: Wording, clock: Intl.DateTimeFormat): string {
  const action = wording.actions[line.action] ?? line.action.toLowerCase().replaceAll('_', ' ');
  const fields = line.fields.length > 0 ? ` (${line.fields.join(', ')})` : '';
  const by = line.by === null ? '' : ` ${wording.by} ${line.by}`;
  const text = `${clock.format(line.at)}  ${line.subjectType} ${action}: ${line.subject}${fields}${by}`;
  return oneLine(text);
}

/** Names are whatever people wrote; a line of a mail is one line. */
function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cs}\u2028\u2029]+/gu, ' ');
  return line.length > LINE_LENGTH_MAX ? `${line.slice(0, LINE_LENGTH_MAX - 1)}…` : line;
}
