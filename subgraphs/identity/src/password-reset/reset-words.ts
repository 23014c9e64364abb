import type { MailWords } from '@iroko/mail';

export function resetWords(url: string): MailWords {
  return {
    en: {
      subject: 'A new password for Iroko',
      paragraphs: [
        'Somebody, hopefully you, asked for a new password for this address.',
        'The link below works once, within an hour. Whoever signed in with the old password is signed out.',
        'If it was not you, do nothing: your password stays as it is.',
      ],
      button: { label: 'Choose a new password', url },
    },
    fr: {
      subject: 'Un nouveau mot de passe pour Iroko',
      paragraphs: [
        'Quelqu’un, vous-même espérons-le, a demandé un nouveau mot de passe pour cette adresse.',
        'Le lien ci-dessous fonctionne une seule fois, pendant une heure. Les sessions ouvertes avec l’ancien mot de passe se terminent.',
        'Si ce n’était pas vous, ne faites rien : votre mot de passe reste le même.',
      ],
      button: { label: 'Choisir un nouveau mot de passe', url },
    },
    pt: {
      subject: 'Uma nova palavra-passe para o Iroko',
      paragraphs: [
        'Alguém, esperamos que você, pediu uma nova palavra-passe para este endereço.',
        'A ligação abaixo funciona uma única vez, durante uma hora. As sessões abertas com a palavra-passe antiga terminam.',
        'Se não foi você, não faça nada: a sua palavra-passe fica como está.',
      ],
      button: { label: 'Escolher uma nova palavra-passe', url },
    },
  };
}
