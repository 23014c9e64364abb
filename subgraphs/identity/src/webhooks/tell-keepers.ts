/** A webhook that was disabled by itself: whoever looks after webhooks learns of it by mail, not by its silence. */
import type { AccountTransaction } from '@iroko/database';
import { inSubject, type MailWords, sendMail } from '@iroko/mail';
import { keepersOfWebhooks, type SendingWebhook } from './sending.sql';

const KEEPERS_MAX = 20;

export async function tellKeepers(
  tx: AccountTransaction,
  webhook: Pick<SendingWebhook, 'id' | 'name' | 'url'>,
  reason: string,
): Promise<void> {
  const words = disabledWords(webhook, reason === 'GONE');
  for (const { userId } of await keepersOfWebhooks(tx, KEEPERS_MAX)) {
    await sendMail(tx, { to: { userId }, words });
  }
}

function disabledWords({ name, url }: { name: string; url: string }, isGone: boolean): MailWords {
  const title = inSubject(name);
  return {
    en: {
      subject: `Webhook “${title}” was disabled`,
      paragraphs: [
        isGone ? `${url} answered that it is gone (410).` : `${url} took nothing for three days.`,
        'Nothing is sent to it any more, and nothing is lost: what happens meanwhile is sent once it is enabled again.',
      ],
    },
    fr: {
      subject: `Le webhook « ${title} » a été désactivé`,
      paragraphs: [
        isGone
          ? `${url} a répondu qu’il n’existe plus (410).`
          : `${url} n’a rien accepté pendant trois jours.`,
        'Plus rien ne lui est envoyé, et rien n’est perdu : ce qui se passe entre-temps est envoyé dès qu’il est réactivé.',
      ],
    },
    pt: {
      subject: `O webhook «${title}» foi desativado`,
      paragraphs: [
        isGone ? `${url} respondeu que já não existe (410).` : `${url} não aceitou nada durante três dias.`,
        'Nada mais lhe é enviado, e nada se perde: o que acontecer entretanto é enviado quando for reativado.',
      ],
    },
  };
}
