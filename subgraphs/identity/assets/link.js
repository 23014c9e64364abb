/**
 * What links in mails lead to, where no dashboard takes them. The token stands behind the `#`, so it reaches no server
 * but in the request that uses it.
 */
const WORDS = {
  en: {
    newPassword: 'New password (10 characters or more)',
    password: 'Password (10 characters or more; if you have a user here already, the one you have)',
    slug: 'Another short name for the account',
    send: 'Confirm',
    reset: ['Choose a new password', 'Every session ends; sign in again afterwards.'],
    register: ['Confirm your address', 'This makes your user.'],
    firstName: 'First name',
    lastName: 'Last name',
    invitation: ['Accept the invitation', 'This makes you a member.'],
    email: ['Confirm the address', 'Your address changes when the links in both mails were followed.'],
    waiting: 'Confirmed. Now follow the link in the mail to the other address.',
    done: 'Done. You can sign in now.',
    unknown: 'This link is not known. Copy the whole address from the mail.',
    used: 'This link was used before, and a link works once.',
    expired: 'This link has expired. Ask for a new one.',
    failed: 'Iroko could not be reached. Try again.',
  },
  fr: {
    newPassword: 'Nouveau mot de passe (10 caractères ou plus)',
    password:
      'Mot de passe (10 caractères ou plus ; si vous avez déjà un compte d’utilisateur ici, celui que vous avez)',
    slug: 'Un autre nom court pour l’organisation',
    send: 'Confirmer',
    reset: [
      'Choisir un nouveau mot de passe',
      'Toutes les sessions se terminent ; connectez-vous de nouveau ensuite.',
    ],
    register: ['Confirmez votre adresse', 'Votre compte d’utilisateur est alors créé.'],
    firstName: 'Prénom',
    lastName: 'Nom',
    invitation: ['Accepter l’invitation', 'Vous devenez alors membre.'],
    email: ['Confirmez l’adresse', 'Votre adresse change quand les liens des deux messages ont été suivis.'],
    waiting: 'Confirmé. Suivez maintenant le lien du message envoyé à l’autre adresse.',
    done: 'C’est fait. Vous pouvez vous connecter.',
    unknown: 'Ce lien n’est pas connu. Copiez toute l’adresse depuis le message.',
    used: 'Ce lien a déjà servi, et un lien ne sert qu’une fois.',
    expired: 'Ce lien a expiré. Demandez-en un nouveau.',
    failed: 'Iroko est injoignable. Réessayez.',
  },
  pt: {
    newPassword: 'Nova palavra-passe (10 caracteres ou mais)',
    password: 'Palavra-passe (10 caracteres ou mais; se já tem um utilizador aqui, a que tem)',
    slug: 'Outro nome curto para a organização',
    send: 'Confirmar',
    reset: ['Escolher uma nova palavra-passe', 'Todas as sessões terminam; inicie sessão de novo a seguir.'],
    register: ['Confirme o seu endereço', 'O seu utilizador é então criado.'],
    firstName: 'Nome próprio',
    lastName: 'Apelido',
    invitation: ['Aceitar o convite', 'Passa então a ser membro.'],
    email: [
      'Confirme o endereço',
      'O seu endereço muda quando as ligações das duas mensagens forem seguidas.',
    ],
    waiting: 'Confirmado. Siga agora a ligação da mensagem enviada para o outro endereço.',
    done: 'Feito. Já pode iniciar sessão.',
    unknown: 'Esta ligação não é conhecida. Copie o endereço completo da mensagem.',
    used: 'Esta ligação já foi usada, e uma ligação serve uma só vez.',
    expired: 'Esta ligação expirou. Peça uma nova.',
    failed: 'Não foi possível contactar o Iroko. Tente de novo.',
  },
};

/** By what stands in the fragment: the mutation, and the fields it is asked with. */
const ACTIONS = {
  reset: {
    fields: [['newPassword', 'password', 'new-password']],
    mutation:
      'mutation ($token: String!, $newPassword: String!) { resetPassword(token: $token, newPassword: $newPassword) }',
  },
  register: {
    fields: [['password', 'password', 'new-password']],
    // Asked for only when the short name was taken meanwhile.
    whenTaken: ['slug', 'text', 'off'],
    mutation:
      'mutation ($token: String!, $password: String!, $slug: String) { confirmRegistration(token: $token, password: $password, slug: $slug) }',
  },
  email: {
    fields: [],
    mutation: 'mutation ($token: String!) { confirmEmailChange(token: $token) { done } }',
  },
  invitation: {
    fields: [
      ['firstName', 'text', 'given-name'],
      ['lastName', 'text', 'family-name'],
      ['password', 'password', 'new-password'],
    ],
    mutation:
      'mutation ($token: String!, $password: String, $firstName: String, $lastName: String, $language: String) { acceptInvitation(token: $token, password: $password, firstName: $firstName, lastName: $lastName, language: $language) }',
  },
};

const fragment = new URLSearchParams(location.hash.slice(1));
const name = Object.keys(ACTIONS).find((known) => fragment.has(known));
const action = ACTIONS[name];
const language = [fragment.get('lang'), ...navigator.languages.map((tag) => tag.slice(0, 2)), 'en'].find(
  (known) => known in WORDS,
);
const words = WORDS[language];
const element = (id) => document.getElementById(id);
document.documentElement.lang = language;

function addField([field, type, autocomplete]) {
  if (element('form').elements[field]) return;
  const label = document.createElement('label');
  const input = document.createElement('input');
  Object.assign(input, { name: field, type, autocomplete, required: !field.endsWith('Name') });
  label.append(words[field], input);
  element('form').prepend(label);
}

function say(text, refused) {
  element('outcome').textContent = text;
  element('outcome').classList.toggle('refused', refused);
}

async function send(event) {
  event.preventDefault();
  const button = element('form').querySelector('button');
  button.disabled = true;
  const asked = action.mutation.includes('$language') ? { language } : {};
  const variables = {
    token: fragment.get(name),
    ...asked,
    ...Object.fromEntries(new FormData(element('form'))),
  };
  try {
    const response = await fetch('graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: action.mutation, variables }),
    });
    const { data, errors } = await response.json();
    if (errors) refuse(errors[0]);
    else finish(data.confirmEmailChange?.done === false ? words.waiting : words.done);
  } catch {
    say(words.failed, true);
  }
  button.disabled = false;
}

function refuse({ message, extensions }) {
  const { reason, fields = [] } = extensions?.details ?? {};
  if (action.whenTaken && fields.includes(action.whenTaken[0])) addField(action.whenTaken);
  say(
    ['unknown', 'used', 'expired'].includes(reason) && extensions.code === 'BAD_USER_INPUT'
      ? words[reason]
      : message,
    true,
  );
}

function finish(outcome) {
  element('form').hidden = true;
  element('intro').textContent = '';
  // The used link is of no use in the history of the browser.
  history.replaceState(null, '', location.pathname);
  say(outcome, false);
}

if (action) {
  const [title, intro] = words[name];
  element('title').textContent = title;
  element('intro').textContent = intro;
  const button = document.createElement('button');
  button.textContent = words.send;
  element('form').append(button);
  for (const field of [...action.fields].reverse()) addField(field);
  element('form').addEventListener('submit', send);
  element('form').hidden = false;
} else say(words.unknown, true);
