/**
 * Random sequences of grants, as members of every kind might try them: whoever was given nothing from outside never
 * reaches more than the group held together, and no single step gives what its doer did not hold.
 */
import { type SeededMember, seedAccount, seedMember } from '@iroko/testing';
import { ALL_PERMISSIONS, type Permission } from '@iroko/viewer';
import fc from 'fast-check';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';
import { changedPermissions, effectivePermissions, refuseUnheld } from './granting';

const permissionSet = fc.uniqueArray(fc.constantFrom(...ALL_PERMISSIONS), { maxLength: 4 });
const index = fc.nat({ max: 3 });

const step = fc.oneof(
  fc.record({ kind: fc.constant('createRole' as const), by: index, permissions: permissionSet }),
  fc.record({ kind: fc.constant('updateRole' as const), by: index, role: index, permissions: permissionSet }),
  fc.record({ kind: fc.constant('removeRole' as const), by: index, role: index }),
  fc.record({
    kind: fc.constantFrom('giveRole' as const, 'takeRole' as const),
    by: index,
    to: index,
    role: index,
  }),
  fc.record({
    kind: fc.constant('updateMembership' as const),
    by: index,
    to: index,
    permissions: permissionSet,
  }),
  fc.record({ kind: fc.constant('endMembership' as const), by: index, to: index }),
);
const REFUSALS = ['FORBIDDEN', 'NOT_FOUND', 'BAD_USER_INPUT', 'CONFLICT'];
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

// Each run asks some eighty questions of a real database.
jest.setTimeout(120_000);

let named = 0;
let identity: IdentityUnderTest;
beforeAll(async () => {
  identity = await identityUnderTest();
});
afterAll(() => identity.close());

/** What each member may do, as the contract view says it to everybody who checks. */
async function rights(accountId: string): Promise<Map<string, Set<string>>> {
  const { rows } = await identity.database.pool.query(
    'SELECT user_id, permissions, every_permission FROM identity.viewer_rights WHERE account_id = $1',
    [accountId],
  );
  return new Map(
    rows.map((row) => [
      row.user_id,
      new Set<string>(row.every_permission ? ALL_PERMISSIONS : row.permissions),
    ]),
  );
}

async function roles(accountId: string): Promise<{ id: string; revision: number }[]> {
  const { rows } = await identity.database.pool.query(
    'SELECT id, revision FROM identity.role WHERE account_id = $1 ORDER BY id',
    [accountId],
  );
  return rows;
}

async function attempt(accountId: string, members: SeededMember[], one: Step): Promise<void> {
  const all = await roles(accountId);
  const role = 'role' in one ? all[one.role % all.length] : undefined;
  const target = 'to' in one ? members[one.to]?.userId : undefined;
  const permissions = 'permissions' in one ? one.permissions : undefined;
  const { rows } = await identity.database.pool.query(
    'SELECT revision FROM identity.membership WHERE account_id = $1 AND user_id = $2',
    [accountId, target],
  );
  const documents: Record<Step['kind'], string> = {
    createRole:
      'mutation ($name: String!, $permissions: [String!]!) { createRole(input: { name: $name, permissions: $permissions }) { id } }',
    updateRole:
      'mutation ($role: ID!, $revision: Int!, $permissions: [String!]) { updateRole(input: { id: $role, expectedRevision: $revision, permissions: $permissions }) { id } }',
    removeRole:
      'mutation ($role: ID!, $revision: Int!) { removeRole(id: $role, expectedRevision: $revision) }',
    giveRole: 'mutation ($to: ID!, $role: ID!) { giveRole(userId: $to, roleId: $role) { id } }',
    takeRole: 'mutation ($to: ID!, $role: ID!) { takeRole(userId: $to, roleId: $role) { id } }',
    updateMembership:
      'mutation ($to: ID!, $member: Int!, $permissions: [String!]!) { updateMembership(input: { userId: $to, expectedRevision: $member, permissions: $permissions }) { id } }',
    endMembership: 'mutation ($to: ID!) { endMembership(userId: $to) { id } }',
  };
  await identity
    .ask(documents[one.kind], {
      token: members[one.by]?.accessToken ?? '',
      variables: {
        name: `Role ${++named}`,
        role: role?.id,
        revision: role?.revision,
        to: target,
        member: rows[0]?.revision,
        permissions,
      },
    })
    // Refused in words of the API, or done: anything else is a defect.
    .then(({ errors, code }) => errors.length === 0 || expect(REFUSALS).toContain(code))
    // Somebody whose membership was ended asks in vain.
    .catch((error: { code?: string }) => expect(error.code).toBe('UNAUTHENTICATED'));
}

it('no sequence of grants gives anybody more than its doers held', async () => {
  const start = fc.array(permissionSet, { minLength: 4, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(start, fc.array(step, { minLength: 5, maxLength: 20 }), async (given, steps) => {
      const { accountId, administrator } = await seedAccount(identity.database);
      const members: SeededMember[] = [];
      for (const permissions of given) {
        const managing: Permission[] = ['roles.manage', 'users.manage', ...permissions];
        members.push(await seedMember(identity.database, accountId, { permissions: managing }));
      }
      let before = await rights(accountId);
      const together = new Set(members.flatMap(({ userId }) => [...(before.get(userId) ?? [])]));
      for (const one of steps) {
        await attempt(accountId, members, one);
        const after = await rights(accountId);
        const held = before.get(members[one.by]?.userId ?? '') ?? new Set();
        for (const [userId, theirs] of after) {
          const gained = [...theirs].filter((permission) => !before.get(userId)?.has(permission));
          expect(gained.filter((permission) => !held.has(permission))).toEqual([]);
          if (userId !== administrator.userId) {
            expect([...theirs].filter((permission) => !together.has(permission))).toEqual([]);
          }
        }
        expect(after.get(administrator.userId)?.size).toBe(ALL_PERMISSIONS.length);
        before = after;
      }
    }),
    { numRuns: 8 },
  );
});

it('a change is refused exactly when a permission that it adds or takes is not held', () => {
  fc.assert(
    fc.property(permissionSet, permissionSet, permissionSet, (mine, before, after) => {
      const held = { permissions: new Set<string>(mine), everyPermission: false };
      const changed = changedPermissions(before, after);
      const allowed = changed.every((permission) => held.permissions.has(permission));
      const refuse = () => refuseUnheld(held, { permissions: changed, everyPermission: false });
      if (allowed) expect(refuse).not.toThrow();
      else expect(refuse).toThrow();
    }),
  );
});

it('names that this release does not know allow nothing', () => {
  const sets = [{ permissions: ['forms.read', 'of.a.later.release'], everyPermission: false }];
  expect(effectivePermissions(sets)).toEqual(['forms.read']);
});
