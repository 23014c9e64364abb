// The landing page's only script of ours. Tokens stay in this tab's memory: they are gone when it is closed.

const field = (id) => document.getElementById(id);

let token = '';

async function graphql(parameters, signal) {
  const headers = { 'content-type': 'application/json', accept: 'application/graphql-response+json' };
  if (token) headers.authorization = `Bearer ${token}`;
  const response = await fetch('/graphql', {
    method: 'POST',
    headers,
    body: JSON.stringify(parameters),
    signal,
  });
  return response.json();
}

function signedInAs(who, newToken) {
  token = newToken;
  field('who').textContent = who;
  field('message').textContent = '';
  field('password').value = '';
  field('token').value = '';
  field('access').querySelector('details').open = false;
}

async function signIn(event) {
  event.preventDefault();
  const email = field('email').value;
  const query =
    'mutation SignIn($email: String!, $password: String!) { signIn(email: $email, password: $password) { accessToken } }';
  try {
    token = '';
    const { data, errors } = await graphql({
      query,
      variables: { email, password: field('password').value },
    });
    if (data?.signIn?.accessToken) signedInAs(email, data.signIn.accessToken);
    else field('message').textContent = errors?.[0]?.message ?? 'That did not work.';
  } catch {
    field('message').textContent = 'The server did not answer.';
  }
}

async function showState() {
  const list = field('parts');
  try {
    const state = await (await fetch('/ready')).json();
    field('version').textContent = `${state.version} (${state.build})`;
    const parts = state.parts.length > 0 ? state.parts : [{ name: 'gateway', ok: true }];
    list.replaceChildren(...parts.map(({ name, ok }) => part(ok ? name : `${name} cannot be reached`, ok)));
  } catch {
    list.replaceChildren(part('the server does not answer', false));
  }
}

function part(text, ok) {
  const item = document.createElement('li');
  item.textContent = text;
  item.className = ok ? 'ok' : 'bad';
  return item;
}

function showExplorer() {
  const explorer = window.React.createElement(window.GraphiQL, {
    fetcher: (parameters) => graphql(parameters),
    defaultQuery: '# Sign in above, then ask.\nquery Hello {\n  __typename\n}\n',
    isHeadersEditorEnabled: false,
    shouldPersistHeaders: false,
  });
  window.ReactDOM.createRoot(field('explorer')).render(explorer);
}

field('access').addEventListener('submit', signIn);
field('use-token').addEventListener('click', () => {
  const given = field('token').value.trim();
  if (given) signedInAs('With a token', given);
});
field('forget').addEventListener('click', () => signedInAs('Not signed in', ''));
showExplorer();
showState();
setInterval(showState, 10_000);
