/**
 * A real OpenID provider (the npm package oidc-provider, which is an ES module and so has a process of its own) that
 * signs in whoever the test named last, without asking. The parent says what is registered; it hears the address.
 */
import http from 'node:http';
import Provider from 'oidc-provider';

/** Claims of whoever signs in next; `sub` is who. */
let person = { sub: 'nobody' };
const people = new Map();

process.on('message', (message) => {
  if (message.person) {
    person = message.person;
    people.set(person.sub, person);
    process.send({ told: true });
  }
});
process.on('disconnect', () => process.exit(0));

const { clients } = JSON.parse(process.argv[2]);
const server = http.createServer();
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients,
  claims: {
    email: ['email', 'email_verified'],
    profile: ['given_name', 'family_name'],
  },
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, sub) => ({ accountId: sub, claims: () => people.get(sub) ?? { sub } }),
  async loadExistingGrant(context) {
    const grant = new provider.Grant({
      clientId: context.oidc.client.clientId,
      accountId: context.oidc.session.accountId,
    });
    grant.addOIDCScope('openid email profile');
    await grant.save();
    return grant;
  },
});
const answer = provider.callback();
server.on('request', async (request, response) => {
  if (!request.url.startsWith('/interaction/')) return answer(request, response);
  await provider.interactionFinished(request, response, { login: { accountId: person.sub } });
});
process.send({ issuer });
