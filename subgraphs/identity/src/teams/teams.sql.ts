/** Teams, and who is in them. */
import type { AccountDatabase, AccountTransaction, Statement } from '@iroko/database';

export const TEAM_KINDS = ['USERS', 'TEAMS'] as const;
export type TeamKind = (typeof TEAM_KINDS)[number];

export interface TeamRow {
  id: string;
  name: string;
  nameKey: string;
  kind: TeamKind;
  description: string;
  parentId: string | null;
  revision: number;
  createdAt: Date;
}

const columns = (db: AccountDatabase): Statement => db.sql`
  t.id, t.name, t.name_key AS "nameKey", t.kind, t.description, t.parent_id AS "parentId", t.revision,
  t.created_at AS "createdAt"`;

export const teamsByName = (
  db: AccountDatabase,
  after: { nameKey: string; id: string } | undefined,
  limit: number,
) =>
  db.rows<TeamRow>(db.sql`
    SELECT ${columns(db)} FROM identity.team t
    WHERE t.account_id = ${db.account}
      AND (${after?.nameKey ?? null}::text IS NULL
           OR (t.name_key COLLATE "C", t.id) > (${after?.nameKey ?? null}::text COLLATE "C", ${after?.id ?? null}::uuid))
    ORDER BY t.name_key COLLATE "C", t.id LIMIT ${limit}`);

export const countTeams = (db: AccountDatabase) =>
  db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count FROM identity.team t WHERE t.account_id = ${db.account}`);

export const teamsById = (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<TeamRow>(db.sql`
    SELECT ${columns(db)} FROM identity.team t
    WHERE t.account_id = ${db.account} AND t.id = ANY(${ids}::uuid[])`);

export const teamsWithin = (db: AccountDatabase, parentIds: readonly string[]) =>
  db.rows<TeamRow & { parentId: string }>(db.sql`
    SELECT ${columns(db)} FROM identity.team t
    WHERE t.account_id = ${db.account} AND t.parent_id = ANY(${parentIds}::uuid[])
    ORDER BY t.name_key COLLATE "C", t.id`);

export const usersOfTeams = (db: AccountDatabase, teamIds: readonly string[]) =>
  db.rows<{ teamId: string; userId: string }>(db.sql`
    SELECT u.team_id AS "teamId", u.user_id AS "userId" FROM identity.team_user u
    WHERE u.account_id = ${db.account} AND u.team_id = ANY(${teamIds}::uuid[]) ORDER BY u.user_id`);

/** No stronger lock: a team that is put into this one looks at its key while it waits for nobody else. */
export const teamForChange = (tx: AccountTransaction, id: string) =>
  tx.maybe<TeamRow>(tx.sql`
    SELECT ${columns(tx)} FROM identity.team t WHERE t.account_id = ${tx.account} AND t.id = ${id} FOR NO KEY UPDATE`);

export const insertTeam = (tx: AccountTransaction, team: Omit<TeamRow, 'revision' | 'createdAt'>) =>
  tx.execute(tx.sql`
    INSERT INTO identity.team (account_id, id, name, name_key, kind, description, parent_id)
    VALUES (${tx.account}, ${team.id}, ${team.name}, ${team.nameKey}, ${team.kind}, ${team.description},
            ${team.parentId})`);

export const updateTeamRow = (
  tx: AccountTransaction,
  team: Omit<TeamRow, 'kind' | 'revision' | 'createdAt'>,
) =>
  tx.execute(tx.sql`
    UPDATE identity.team AS t
    SET name = ${team.name}, name_key = ${team.nameKey}, description = ${team.description},
        parent_id = ${team.parentId}, revision = t.revision + 1, updated_at = now()
    WHERE t.account_id = ${tx.account} AND t.id = ${team.id}`);

export const deleteTeamRow = (tx: AccountTransaction, id: string) =>
  tx.execute(tx.sql`DELETE FROM identity.team AS t WHERE t.account_id = ${tx.account} AND t.id = ${id}`);

/** Everybody in these teams and in the teams within them, at any depth. */
export const peopleWithin = (tx: AccountTransaction, teamIds: readonly string[]) =>
  tx.rows<{ userId: string }>(tx.sql`
    WITH RECURSIVE within AS (
      SELECT t.id FROM identity.team t WHERE t.account_id = ${tx.account} AND t.id = ANY(${teamIds}::uuid[])
      UNION
      SELECT t.id FROM within w JOIN identity.team t ON t.account_id = ${tx.account} AND t.parent_id = w.id
    )
    SELECT DISTINCT u.user_id AS "userId"
    FROM identity.team_user u JOIN within w ON w.id = u.team_id
    WHERE u.account_id = ${tx.account}`);

export const teamsOfUser = (tx: AccountTransaction, userId: string) =>
  tx.rows<{ teamId: string }>(tx.sql`
    SELECT u.team_id AS "teamId" FROM identity.team_user u
    WHERE u.account_id = ${tx.account} AND u.user_id = ${userId}`);

/** Members of the account now. */
export const lastingMembers = (tx: AccountTransaction, ids: readonly string[]) =>
  tx.rows<{ userId: string }>(tx.sql`
    SELECT m.user_id AS "userId" FROM identity.membership m
    WHERE m.account_id = ${tx.account} AND m.user_id = ANY(${ids}::uuid[]) AND m.ended_at IS NULL`);

/** Exactly these from now on. */
export const writeUsers = async (
  tx: AccountTransaction,
  teamId: string,
  userIds: readonly string[],
): Promise<void> => {
  await tx.execute(tx.sql`
    DELETE FROM identity.team_user AS u
    WHERE u.account_id = ${tx.account} AND u.team_id = ${teamId} AND NOT u.user_id = ANY(${userIds}::uuid[])`);
  await tx.execute(tx.sql`
    INSERT INTO identity.team_user (account_id, team_id, user_id)
    SELECT ${tx.account}::uuid, ${teamId}::uuid, n.id FROM unnest(${userIds}::uuid[]) AS n (id)
    ON CONFLICT DO NOTHING`);
};

/** Returns 0 when they were in it. */
export const addUserTo = (tx: AccountTransaction, teamId: string, userId: string) =>
  tx.execute(tx.sql`
    INSERT INTO identity.team_user (account_id, team_id, user_id)
    VALUES (${tx.account}, ${teamId}, ${userId})
    ON CONFLICT DO NOTHING`);

export interface InTeam {
  teamId: string;
  userId: string;
}

const pairs = (tx: AccountTransaction, people: readonly InTeam[]): Statement => tx.sql`
  unnest(${people.map(({ teamId }) => teamId)}::uuid[], ${people.map(({ userId }) => userId)}::uuid[])
    AS n (team_id, user_id)`;

export const addUsersTo = (tx: AccountTransaction, people: readonly InTeam[]) =>
  tx.execute(tx.sql`
    INSERT INTO identity.team_user (account_id, team_id, user_id)
    SELECT ${tx.account}::uuid, n.team_id, n.user_id FROM ${pairs(tx, people)}
    ON CONFLICT DO NOTHING`);

export const takeUsersFrom = (tx: AccountTransaction, people: readonly InTeam[]) =>
  tx.execute(tx.sql`
    DELETE FROM identity.team_user AS u USING ${pairs(tx, people)}
    WHERE u.account_id = ${tx.account} AND u.team_id = n.team_id AND u.user_id = n.user_id`);

/** Returns 0 when they were not in it. */
export const takeUserFrom = (tx: AccountTransaction, teamId: string, userId: string) =>
  tx.execute(tx.sql`
    DELETE FROM identity.team_user AS u
    WHERE u.account_id = ${tx.account} AND u.team_id = ${teamId} AND u.user_id = ${userId}`);
