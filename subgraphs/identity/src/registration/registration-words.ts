import { inSubject, type MailWords } from '@iroko/mail';

/** The same for an address that has a user and for one that has none: the page asks for a password either way. */
export function registrationWords(account: string, url: string): MailWords {
  const name = inSubject(account);
  return {
    en: {
      subject: 'Confirm your address for Iroko',
      paragraphs: [
        `Somebody, hopefully you, wants to work in “${name}” with this address.`,
        'The link below works once, within a day. It asks you to choose a password or, if you have a user here already, for the one you have.',
        'If it was not you, do nothing: nothing is made before the link is followed.',
      ],
      button: { label: 'Confirm the address', url },
    },
    fr: {
      subject: 'Confirmez votre adresse pour Iroko',
      paragraphs: [
        `Quelqu’un, vous-même espérons-le, veut travailler dans « ${name} » avec cette adresse.`,
        'Le lien ci-dessous fonctionne une seule fois, pendant un jour. Il vous demande de choisir un mot de passe ou, si vous avez déjà un compte d’utilisateur ici, celui que vous avez.',
        'Si ce n’était pas vous, ne faites rien : rien n’est créé avant que le lien ne soit suivi.',
      ],
      button: { label: 'Confirmer l’adresse', url },
    },
    pt: {
      subject: 'Confirme o seu endereço para o Iroko',
      paragraphs: [
        `Alguém, esperamos que você, quer trabalhar em “${name}” com este endereço.`,
        'A ligação abaixo funciona uma única vez, durante um dia. Pede-lhe que escolha uma palavra-passe ou, se já tem um utilizador aqui, a que tem.',
        'Se não foi você, não faça nada: nada é criado antes de a ligação ser seguida.',
      ],
      button: { label: 'Confirmar o endereço', url },
    },
  };
}
