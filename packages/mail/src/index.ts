export type { OutgoingMail, Post } from './post';
export { type RenderedMail, renderMail } from './render';
export {
  MAIL_RETRIES,
  type MailRecipient,
  type MailServices,
  type MailToSend,
  sendMail,
  sendMailJob,
} from './send-mail';
export { type SmtpOptions, SmtpPost } from './smtp-post';
export {
  inSubject,
  MAIL_LANGUAGES,
  type MailLanguage,
  type MailText,
  type MailWords,
  mailLanguage,
  mailWords,
} from './words';
