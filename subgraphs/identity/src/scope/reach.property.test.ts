/**
 * Random sequences of grants, role edits, scope edits and service tokens, as members of every kind and reach might try
 * them. What somebody reaches is a set of pairs: a permission, and a unit where they have it. No step gives a pair that
 * its doer did not have, so no viewer ever reaches more than the union of what was granted from outside.
 */
import { type SeededMember, seedAccount, seedMember, seedReleasedUnits } from '@iroko/testing';
import type { Permission } from '@iroko/viewer';
import fc from 'fast-check';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';

const PERMISSIONS = ['org_units.read', 'org_units.edit', 'submissions.read', 'datasets.read'] as const;
const MANAGING: Permission[] = ['roles.manage', 'users.manage', 'tokens.manage'];
const REFUSALS = ['FORBIDDEN', 'NOT_FOUND', 'BAD_USER_INPUT', 'CONFLICT'];

const permissions = fc.uniqueArray(fc.constantFrom(...PERMISSIONS), { maxLength: 3 });
/** Places of units in the tree; null is no limit. */
const places = fc.option(fc.uniqueArray(fc.nat({ max: 2 }), { maxLength: 2 }), { nil: null });
const who = fc.nat({ max: 3 });

const step = fc.record({
  kind: fc.constantFrom(
    'createRole',
    'updateRole',
    'giveRole',
    'takeRole',
    'permissions',
    'scope',
    'scope',
    'token',
    'end',
  ),
  by: who,
  to: who,
  role: fc.nat({ max: 3 }),
  permissions,
  places,
});
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

const DOCUMENTS: Record<string, string> = {
  createRole:
    'mutation ($name: String!, $permissions: [String!]!) { createRole(input: { name: $name, permissions: $permissions }) { id } }',
  updateRole:
    'mutation ($role: ID!, $roleRevision: Int!, $permissions: [String!]) { updateRole(input: { id: $role, expectedRevision: $roleRevision, permissions: $permissions }) { id } }',
  giveRole: 'mutation ($to: ID!, $role: ID!) { giveRole(userId: $to, roleId: $role) { id } }',
  takeRole: 'mutation ($to: ID!, $role: ID!) { takeRole(userId: $to, roleId: $role) { id } }',
  permissions:
    'mutation ($to: ID!, $revision: Int!, $permissions: [String!]) { updateMembership(input: { userId: $to, expectedRevision: $revision, permissions: $permissions }) { id } }',
  scope:
    'mutation ($to: ID!, $revision: Int!, $scope: ScopeInput!) { updateMembership(input: { userId: $to, expectedRevision: $revision, scope: $scope }) { id } }',
  token:
    'mutation ($name: String!, $permissions: [String!], $scope: ScopeInput) { createServiceToken(input: { name: $name, permissions: $permissions, scope: $scope }) { token } }',
  end: 'mutation ($to: ID!) { endMembership(userId: $to) { id } }',
};

jest.setTimeout(240_000);

let named = 0;
let identity: IdentityUnderTest;
beforeAll(async () => {
  identity = await identityUnderTest();
});
afterAll(() => identity.close());

type Reach = Map<string, ReadonlySet<string>>;

/** What everybody and every service token reaches, as the contract views say it to everybody who checks. */
async function reach(accountId: string, units: readonly string[]): Promise<Reach> {
  const { rows } = await identity.database.pool.query(
    `SELECT user_id AS id, permissions, unit_ids FROM identity.viewer_rights WHERE account_id = $1
     UNION ALL
     SELECT token_id, permissions, unit_ids FROM identity.viewer_token WHERE account_id = $1 AND user_id IS NULL`,
    [accountId],
  );
  return new Map(
    rows.map(({ id, permissions: held, unit_ids }) => [
      id,
      new Set<string>(
        held.flatMap((permission: string) =>
          units
            .filter((unit) => unit_ids === null || unit_ids.includes(unit))
            .map((unit) => `${permission} at ${units.indexOf(unit)}`),
        ),
      ),
    ]),
  );
}

async function attempt(
  accountId: string,
  members: SeededMember[],
  units: string[],
  one: Step,
): Promise<void> {
  const { rows: roles } = await identity.database.pool.query(
    'SELECT id, revision FROM identity.role WHERE account_id = $1 AND NOT every_permission ORDER BY id',
    [accountId],
  );
  const role = roles[one.role % Math.max(roles.length, 1)];
  if (!role && one.kind.endsWith('Role') && one.kind !== 'createRole') return;
  const target = members[one.to]?.userId;
  const { rows } = await identity.database.pool.query(
    'SELECT revision FROM identity.membership WHERE account_id = $1 AND user_id = $2',
    [accountId, target],
  );
  const variables = {
    name: `Made ${++named}`,
    role: role?.id,
    roleRevision: role?.revision,
    to: target,
    revision: rows[0]?.revision,
    permissions: one.permissions,
    scope: { orgUnitIds: one.places?.map((place) => units[place]) ?? null },
  };
  await identity
    .ask(DOCUMENTS[one.kind] ?? '', { token: members[one.by]?.accessToken ?? '', variables })
    .then(({ errors, code }) => errors.length === 0 || expect(REFUSALS).toContain(code))
    .catch((error: { code?: string }) => expect(error.code).toBe('UNAUTHENTICATED'));
}

it('no sequence of grants and scope edits takes anybody further than its doers reached', async () => {
  const start = fc.array(fc.record({ permissions, places }), { minLength: 4, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(start, fc.array(step, { minLength: 8, maxLength: 25 }), async (given, steps) => {
      const { accountId, actor } = await seedAccount(identity.database);
      const { unitIds } = await seedReleasedUnits(identity.database.forAccount(actor), ['a', 'b', 'c']);
      const members: SeededMember[] = [];
      for (const one of given) {
        members.push(
          await seedMember(identity.database, accountId, {
            permissions: [...MANAGING, ...one.permissions],
            scope: { unitIds: one.places?.map((place) => unitIds[place] as string) ?? null },
          }),
        );
      }
      let before = await reach(accountId, unitIds);
      const together = new Set([...before.values()].flatMap((pairs) => [...pairs]));
      for (const one of steps) {
        const held = before.get(members[one.by]?.userId ?? '') ?? new Set();
        await attempt(accountId, members, unitIds, one);
        const after = await reach(accountId, unitIds);
        for (const [id, pairs] of after) {
          const gained = [...pairs].filter((pair) => !before.get(id)?.has(pair));
          expect({ step: one, unheld: gained.filter((pair) => !held.has(pair)) }).toEqual({
            step: one,
            unheld: [],
          });
          expect([...pairs].filter((pair) => !together.has(pair))).toEqual([]);
        }
        before = after;
      }
    }),
    { numRuns: 8 },
  );
});
