import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { newSecret, secretText, signed } from './signature';

it('what we sign is accepted by the reference library, whatever the body', () => {
  fc.assert(
    fc.property(fc.json(), (body) => {
      const secret = newSecret();
      const headers = signed('msg_1', new Date(), body, [secret]);
      expect(new Webhook(secretText(secret)).verify(body, { ...headers })).toEqual(JSON.parse(body));
    }),
  );
});

it('while a secret is replaced, whoever has one of the two accepts, and nobody else', () => {
  const [present, old] = [newSecret(), newSecret()];
  const headers = { ...signed('msg_1', new Date(), '{}', [present, old]) };
  for (const secret of [present, old])
    expect(new Webhook(secretText(secret)).verify('{}', headers)).toEqual({});
  expect(() => new Webhook(secretText(newSecret())).verify('{}', headers)).toThrow();
});

it('a changed body, id or time is not accepted', () => {
  const secret = newSecret();
  const webhook = new Webhook(secretText(secret));
  const headers = { ...signed('msg_1', new Date(), '{}', [secret]) };
  expect(() => webhook.verify('{ }', headers)).toThrow();
  expect(() => webhook.verify('{}', { ...headers, 'webhook-id': 'msg_2' })).toThrow();
  expect(() =>
    webhook.verify('{}', { ...headers, 'webhook-timestamp': String(Math.floor(Date.now() / 1000) - 1) }),
  ).toThrow();
});
