/**
 * What a mail says: a subject, paragraphs, and at most one button. How it looks is decided in one place, so whoever
 * writes a mail writes words and never HTML, and nothing of a person's input becomes markup or a header.
 */
import { z } from 'zod';

/** The languages that mails are written in. */
export const MAIL_LANGUAGES = ['en', 'fr', 'pt'] as const;
export type MailLanguage = (typeof MAIL_LANGUAGES)[number];

const SUBJECT_LENGTH_MAX = 200;
const PARAGRAPHS_MAX = 100;
const PARAGRAPH_LENGTH_MAX = 5000;

/** A line break in a header would begin the next header. */
const oneLine = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((text) => !/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(text), 'must be one line');

const paragraph = z
  .string()
  .min(1)
  .max(PARAGRAPH_LENGTH_MAX)
  .refine((words) => !/[^\P{Cc}\r\n\t]|\p{Cs}/u.test(words), 'must be plain text');

export const mailText = z.object({
  /** One line, 1 to 200 characters. */
  subject: oneLine(SUBJECT_LENGTH_MAX),
  /** Plain text, each 1 to 5,000 characters; a line break stays one, other control characters are refused. */
  paragraphs: z.array(paragraph).min(1).max(PARAGRAPHS_MAX),
  /** Stands below the paragraphs. */
  button: z.object({ label: oneLine(SUBJECT_LENGTH_MAX), url: z.url({ protocol: /^https?$/ }) }).optional(),
});

/** A mail in one language. */
export type MailText = z.infer<typeof mailText>;

/** A mail in every language: which one is sent is decided when it is sent. */
export const mailWords = z.object({ en: mailText, fr: mailText, pt: mailText });
export type MailWords = z.infer<typeof mailWords>;

/** The language of a person who chose one, else that of their account, else English. */
export function mailLanguage(...wishes: (string | null | undefined)[]): MailLanguage {
  return wishes.map((wish) => MAIL_LANGUAGES.find((known) => known === wish)).find(Boolean) ?? 'en';
}

/** Names and titles as people write them, made fit for a subject: one line, cut where it is too long. */
export function inSubject(name: string): string {
  const line = name.replace(/[\p{Cc}\p{Cs}\u2028\u2029\s]+/gu, ' ').trim();
  return line.length > 80 ? `${line.slice(0, 79).trimEnd()}…` : line;
}
