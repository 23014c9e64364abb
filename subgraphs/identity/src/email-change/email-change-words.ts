import type { MailWords } from '@iroko/mail';

/** To the address that the person has. */
export function oldAddressWords(newEmail: string, url: string): MailWords {
  return {
    en: {
      subject: 'Your address at Iroko is to change',
      paragraphs: [
        `Somebody who knows your password asked to change your address at Iroko to ${newEmail}.`,
        'It changes when the links in this mail and in the one to the new address were both followed, within a day.',
        'If it was not you, do not follow the link, and change your password.',
      ],
      button: { label: 'Agree to the change', url },
    },
    fr: {
      subject: 'Votre adresse sur Iroko va changer',
      paragraphs: [
        `Quelqu’un qui connaît votre mot de passe a demandé de remplacer votre adresse sur Iroko par ${newEmail}.`,
        'Elle change quand les liens de ce message et de celui envoyé à la nouvelle adresse ont tous deux été suivis, dans la journée.',
        'Si ce n’était pas vous, ne suivez pas le lien et changez votre mot de passe.',
      ],
      button: { label: 'Accepter le changement', url },
    },
    pt: {
      subject: 'O seu endereço no Iroko vai mudar',
      paragraphs: [
        `Alguém que sabe a sua palavra-passe pediu para mudar o seu endereço no Iroko para ${newEmail}.`,
        'Muda quando as ligações desta mensagem e da enviada para o novo endereço forem ambas seguidas, dentro de um dia.',
        'Se não foi você, não siga a ligação e mude a sua palavra-passe.',
      ],
      button: { label: 'Aceitar a mudança', url },
    },
  };
}

/** To the address that the person wants. */
export function newAddressWords(url: string): MailWords {
  return {
    en: {
      subject: 'Confirm your new address for Iroko',
      paragraphs: [
        'Somebody, hopefully you, wants to use this address at Iroko from now on.',
        'The link below works once, within a day.',
        'If it was not you, do nothing.',
      ],
      button: { label: 'Confirm the address', url },
    },
    fr: {
      subject: 'Confirmez votre nouvelle adresse pour Iroko',
      paragraphs: [
        'Quelqu’un, vous-même espérons-le, veut désormais utiliser cette adresse sur Iroko.',
        'Le lien ci-dessous fonctionne une seule fois, pendant un jour.',
        'Si ce n’était pas vous, ne faites rien.',
      ],
      button: { label: 'Confirmer l’adresse', url },
    },
    pt: {
      subject: 'Confirme o seu novo endereço para o Iroko',
      paragraphs: [
        'Alguém, esperamos que você, quer passar a usar este endereço no Iroko.',
        'A ligação abaixo funciona uma única vez, durante um dia.',
        'Se não foi você, não faça nada.',
      ],
      button: { label: 'Confirmar o endereço', url },
    },
  };
}
