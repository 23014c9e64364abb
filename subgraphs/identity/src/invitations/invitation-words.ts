import { inSubject, type MailWords } from '@iroko/mail';

/** `inviter` is a name; empty when the account was set up by an operator. */
export function invitationWords(account: string, inviter: string, url: string): MailWords {
  const name = inSubject(account);
  const by = inSubject(inviter);
  return {
    en: {
      subject: `Invitation: ${name}`,
      paragraphs: [
        `${by || 'Whoever looks after Iroko'} invites you to work in “${name}”.`,
        'The link below works once, within 14 days. It asks you to choose a password or, if you have a user here already, for the one you have.',
      ],
      button: { label: 'Accept the invitation', url },
    },
    fr: {
      subject: `Invitation : ${name}`,
      paragraphs: [
        by
          ? `${by} vous invite à travailler dans « ${name} ».`
          : `Vous êtes invité à travailler dans « ${name} ».`,
        'Le lien ci-dessous fonctionne une seule fois, pendant 14 jours. Il vous demande de choisir un mot de passe ou, si vous avez déjà un compte d’utilisateur ici, celui que vous avez.',
      ],
      button: { label: 'Accepter l’invitation', url },
    },
    pt: {
      subject: `Convite: ${name}`,
      paragraphs: [
        by ? `${by} convida-o a trabalhar em “${name}”.` : `Foi convidado a trabalhar em “${name}”.`,
        'A ligação abaixo funciona uma única vez, durante 14 dias. Pede-lhe que escolha uma palavra-passe ou, se já tem um utilizador aqui, a que tem.',
      ],
      button: { label: 'Aceitar o convite', url },
    },
  };
}
