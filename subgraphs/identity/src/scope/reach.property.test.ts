/**
 * Random sequences of grants, role edits, scope edits, service tokens, invitations and their acceptance, changes of
 * many, files of users and teams, as members of every kind and reach might try them; whoever comes by an invitation
 * tries things too. What somebody reaches is a set of pairs: a permission, and a unit where they have it. No step gives
 * a pair that its doer did not have, so no viewer ever reaches more than the union of what was granted from outside.
 */
import { isDeepStrictEqual } from 'node:util';
import { type SeededMember, seedAccount, seedMember, seedReleasedUnits } from '@iroko/testing';
import type { Permission } from '@iroko/viewer';
import fc from 'fast-check';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';
import { KINDS, type Step, Trying } from './testing/trying';

const PERMISSIONS: Permission[] = ['org_units.read', 'org_units.edit', 'submissions.read', 'datasets.read'];
const MANAGING: Permission[] = ['roles.manage', 'users.manage', 'tokens.manage', 'teams.edit'];
const RUNS = 8;

const permissions = fc.uniqueArray(fc.constantFrom<string>(...PERMISSIONS), { maxLength: 3 });
/** Places of units; null is no limit. */
const places = fc.option(fc.uniqueArray(fc.nat({ max: 2 }), { maxLength: 2 }), { nil: null });
const who = fc.nat({ max: 5 });

const step = fc.record({
  kind: fc.constantFrom(...KINDS),
  by: who,
  to: who,
  role: fc.nat({ max: 3 }),
  permissions,
  places,
});

type Sequence = [{ permissions: string[]; places: number[] | null }[], Step[]];

const tried = (kind: Step['kind'], step: Partial<Step> = {}): Step => ({
  kind,
  by: 1,
  to: 2,
  role: 0,
  permissions: ['org_units.edit'],
  places: null,
  ...step,
});

/** Whoever invited loses what they gave before it is accepted. */
const LOST_MEANWHILE: Sequence = [
  Array.from({ length: 4 }, () => ({ permissions: PERMISSIONS, places: null })),
  [
    tried('createRole', { by: 0 }),
    tried('invite'),
    tried('file', { role: 1, places: [0] }),
    tried('permissions', { by: 0, to: 1, permissions: [...MANAGING] }),
    tried('accept'),
    tried('accept'),
  ],
];

/** Somebody who holds little, in one place, tries to give more, and in another place. */
const BEYOND_ONESELF: Sequence = [
  [
    { permissions: PERMISSIONS, places: null },
    { permissions: ['org_units.read'], places: [0] },
    { permissions: [], places: [0] },
    { permissions: ['org_units.read', 'org_units.edit'], places: [0, 1] },
  ],
  [
    tried('createRole', { by: 0 }),
    tried('giveRole'),
    tried('permissions'),
    tried('bulk', { role: 1 }),
    tried('file', { places: [0] }),
    tried('file', { places: [1], permissions: ['org_units.read'] }),
    tried('bulk', { places: [1], permissions: ['org_units.read'], role: 1 }),
    tried('scope', { places: [1] }),
    tried('team', { to: 3 }),
    tried('team', { to: 1 }),
    tried('file', { to: 3, places: [0], permissions: [] }),
    tried('file', { role: 1, places: [0] }),
    tried('accept'),
  ],
];

/** By a member who holds everything and reaches everywhere, so that each kind of step is done at least once. */
const SOMETHING_OF_EACH: Sequence = [
  Array.from({ length: 4 }, (_, index) => ({ permissions: index === 0 ? PERMISSIONS : [], places: null })),
  (
    [
      'createRole',
      'giveRole',
      'invite',
      'accept',
      'file',
      'accept',
      'bulk',
      'scope',
      'token',
      'team',
      'file',
      'end',
    ] as const
  ).map((kind, index) => ({
    kind,
    by: 0,
    to: 1,
    role: kind === 'file' && index < 6 ? 1 : 0,
    permissions: kind === 'bulk' || index === 4 ? ['org_units.edit'] : ['org_units.read'],
    places: [index % 3],
  })),
];

jest.setTimeout(240_000);

let identity: IdentityUnderTest;
beforeAll(async () => {
  identity = await identityUnderTest();
});
afterAll(() => identity.close());

interface Seen {
  /** By user or service token. */
  pairs: Map<string, ReadonlySet<string>>;
  /** The units of each user; null is no limit. */
  units: Map<string, string[] | null>;
  /** Teams and people, as `team user`. */
  teams: ReadonlySet<string>;
}

/** What everybody and every service token reaches, as the contract views say it to everybody who checks. */
async function look(accountId: string, units: readonly string[]): Promise<Seen> {
  const { pool } = identity.database;
  const { rows } = await pool.query(
    `SELECT user_id AS id, permissions, unit_ids FROM identity.viewer_rights WHERE account_id = $1
     UNION ALL
     SELECT token_id, permissions, unit_ids FROM identity.viewer_token WHERE account_id = $1 AND user_id IS NULL`,
    [accountId],
  );
  const teams = await pool.query(
    `SELECT team_id || ' ' || user_id AS pair FROM identity.team_user WHERE account_id = $1`,
    [accountId],
  );
  const pairsOf = (held: string[], reached: string[] | null) =>
    held.flatMap((permission) =>
      units
        .filter((unit) => reached === null || reached.includes(unit))
        .map((unit) => `${permission} at ${units.indexOf(unit)}`),
    );
  return {
    pairs: new Map(rows.map((row) => [row.id, new Set(pairsOf(row.permissions, row.unit_ids))])),
    units: new Map(rows.map((row) => [row.id, row.unit_ids])),
    teams: new Set(teams.rows.map(({ pair }) => pair)),
  };
}

const added = (after: ReadonlySet<string>, before: ReadonlySet<string> = new Set()) =>
  [...after].filter((entry) => !before.has(entry));

/** Pairs that somebody has now and that the doer did not have, which must be none. */
function unheld(before: Seen, after: Seen, doer: string): string[] {
  const held = before.pairs.get(doer) ?? new Set();
  return [...after.pairs].flatMap(([id, pairs]) =>
    added(pairs, before.pairs.get(id)).filter((pair) => !held.has(pair)),
  );
}

/** Whom the doer put into a team though it is themselves, or somebody who reaches further. */
function wronglyInTeams(before: Seen, after: Seen, doer: string): string[] {
  const own = before.units.get(doer);
  return added(after.teams, before.teams).filter((pair) => {
    const user = pair.split(' ')[1] ?? '';
    const theirs = before.units.get(user);
    const isWithin = own === null || (theirs?.every((unit) => own?.includes(unit)) ?? false);
    return user === doer || !isWithin;
  });
}

it('no sequence of steps takes anybody further than its doers reached', async () => {
  const start = fc.array(fc.record({ permissions, places }), { minLength: 4, maxLength: 4 });
  const done = new Set<string>();
  await fc.assert(
    fc.asyncProperty(start, fc.array(step, { minLength: 12, maxLength: 30 }), async (given, steps) => {
      const { accountId, actor } = await seedAccount(identity.database);
      const { unitIds } = await seedReleasedUnits(identity.database.forAccount(actor), ['a', 'b', 'c']);
      const members: SeededMember[] = [];
      for (const one of given) {
        members.push(
          await seedMember(identity.database, accountId, {
            permissions: [...MANAGING, ...PERMISSIONS.filter((name) => one.permissions.includes(name))],
            scope: { unitIds: one.places?.map((place) => unitIds[place] as string) ?? null },
          }),
        );
      }
      const trying = new Trying(identity, accountId, unitIds, members);
      let before = await look(accountId, unitIds);
      const together = new Set([...before.pairs.values()].flatMap((pairs) => [...pairs]));
      for (const one of steps) {
        const place = await trying.attempt(one);
        if (place === undefined) continue;
        const doer = members[place]?.userId ?? '';
        const after = await look(accountId, unitIds);
        if (!isDeepStrictEqual(after, before)) done.add(one.kind);
        expect({ step: one, unheld: unheld(before, after, doer) }).toEqual({ step: one, unheld: [] });
        expect({ step: one, teams: wronglyInTeams(before, after, doer) }).toEqual({ step: one, teams: [] });
        for (const pairs of after.pairs.values()) expect(added(pairs, together)).toEqual([]);
        before = after;
      }
    }),
    { numRuns: RUNS, examples: [SOMETHING_OF_EACH, LOST_MEANWHILE, BEYOND_ONESELF] },
  );
  // Else the walk asks for things that are always refused.
  for (const kind of ['accept', 'token', 'end', 'bulk', 'file', 'team', 'scope', 'giveRole'] as const) {
    expect({ kind, done: done.has(kind) }).toEqual({ kind, done: true });
  }
});
