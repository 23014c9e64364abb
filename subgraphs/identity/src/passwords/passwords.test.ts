import * as argon2 from '@node-rs/argon2';
import { Passwords } from './passwords';

jest.mock('@node-rs/argon2', () => {
  const real = jest.requireActual('@node-rs/argon2');
  return { ...real, hash: jest.fn(real.hash), verify: jest.fn(real.verify) };
});

const COST = { memoryKb: 64, passes: 2 };
const PASSWORD = 'a lantern over nine rivers';

/** Memory times passes of everything that was computed meanwhile, to which the time of Argon2id is proportional. */
async function workOf(check: () => Promise<boolean>): Promise<number> {
  const [hash, verify] = [jest.mocked(argon2.hash), jest.mocked(argon2.verify)];
  hash.mockClear();
  verify.mockClear();
  await check();
  const made = hash.mock.calls.map(([, options]) => (options?.memoryCost ?? 0) * (options?.timeCost ?? 0));
  const checked = verify.mock.calls.map(([hashed]) => {
    const { memoryCost, timeCost } = argon2.parseOptions(hashed as string);
    return memoryCost * timeCost;
  });
  return [...made, ...checked].reduce((sum, cost) => sum + cost, 0);
}

it.each([
  ['at the present cost', COST],
  ['before the memory was raised', { memoryKb: 16, passes: 2 }],
  ['before the passes were raised', { memoryKb: 64, passes: 1 }],
])('a wrong password takes the work that it takes for nobody, also for a hash made %s', async (_, cost) => {
  const stored = await new Passwords(cost).hash(PASSWORD);
  const passwords = new Passwords(COST);
  await passwords.verify('warms up', null);
  const nobody = await workOf(() => passwords.verify('wrong', null));
  expect(nobody).toBe(COST.memoryKb * COST.passes);
  expect(await workOf(() => passwords.verify('wrong', stored))).toBe(nobody);
});

it('the password of an old hash is still it, and another is not', async () => {
  const stored = await new Passwords({ memoryKb: 16, passes: 1 }).hash(PASSWORD);
  const passwords = new Passwords(COST);
  expect(await passwords.verify(PASSWORD, stored)).toBe(true);
  expect(await passwords.verify('wrong', stored)).toBe(false);
  expect(await passwords.verify(PASSWORD, null)).toBe(false);
});
