/**
 * The projects of an account, those within the scope of the handle.
 */
import type { AccountDatabase, AccountTransaction, Statement } from '@iroko/database';
import type { FlagOn } from './feature-flags';
import type { ProjectType } from './project-type';

export interface ProjectRow extends ProjectType {
  nameKey: string;
  featureFlags: FlagOn[];
}

/** 30 days, as for every record that is deleted. */
const RESTORABLE = "interval '30 days'";

const columns = (db: AccountDatabase): Statement => db.sql`
  p.id, p.name, p.name_key AS "nameKey", p.app_id AS "appId", p.colour, p.description,
  p.needs_authentication AS "needsAuthentication", p.min_version AS "minVersion", p.revision,
  p.created_at AS "createdAt", p.deleted_at AS "deletedAt",
  (SELECT coalesce(jsonb_agg(jsonb_build_object('code', f.code, 'configuration', f.configuration) ORDER BY f.code), '[]')
   FROM identity.project_feature_flag f
   WHERE f.account_id = ${db.account} AND f.project_id = p.id) AS "featureFlags"`;

const inScope = (db: AccountDatabase): Statement => {
  const projects = db.actor.scope?.projects ?? null;
  return projects === null ? db.sql`true` : db.sql`p.id = ANY(${projects}::uuid[])`;
};

export const projectsByName = (
  db: AccountDatabase,
  after: { nameKey: string; id: string } | undefined,
  limit: number,
) =>
  db.rows<ProjectRow>(db.sql`
    SELECT ${columns(db)} FROM identity.project p
    WHERE p.account_id = ${db.account} AND p.deleted_at IS NULL AND ${inScope(db)}
      AND (${after?.nameKey ?? null}::text IS NULL
           OR (p.name_key COLLATE "C", p.id) > (${after?.nameKey ?? null}::text COLLATE "C", ${after?.id ?? null}::uuid))
    ORDER BY p.name_key COLLATE "C", p.id LIMIT ${limit}`);

export const countProjects = (db: AccountDatabase) =>
  db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count FROM identity.project p
    WHERE p.account_id = ${db.account} AND p.deleted_at IS NULL AND ${inScope(db)}`);

export const projectsById = (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<ProjectRow>(db.sql`
    SELECT ${columns(db)} FROM identity.project p
    WHERE p.account_id = ${db.account} AND p.id = ANY(${ids}::uuid[]) AND p.deleted_at IS NULL AND ${inScope(db)}`);

export const projectForChange = (tx: AccountTransaction, id: string) =>
  tx.maybe<ProjectRow>(tx.sql`
    SELECT ${columns(tx)} FROM identity.project p
    WHERE p.account_id = ${tx.account} AND p.id = ${id} AND ${inScope(tx)}
      AND (p.deleted_at IS NULL OR p.deleted_at > now() - ${tx.sql.raw(RESTORABLE)})
    FOR UPDATE`);

export type ProjectFields = Pick<
  ProjectRow,
  'name' | 'nameKey' | 'appId' | 'colour' | 'description' | 'needsAuthentication' | 'minVersion'
>;

export const insertProject = (tx: AccountTransaction, id: string, project: ProjectFields) =>
  tx.execute(tx.sql`
    INSERT INTO identity.project
      (account_id, id, name, name_key, app_id, colour, description, needs_authentication, min_version)
    VALUES (${tx.account}, ${id}, ${project.name}, ${project.nameKey}, ${project.appId}, ${project.colour},
            ${project.description}, ${project.needsAuthentication}, ${project.minVersion})`);

export const updateProjectRow = (tx: AccountTransaction, id: string, project: ProjectFields) =>
  tx.execute(tx.sql`
    UPDATE identity.project AS p
    SET name = ${project.name}, name_key = ${project.nameKey}, app_id = ${project.appId}, colour = ${project.colour},
        description = ${project.description}, needs_authentication = ${project.needsAuthentication},
        min_version = ${project.minVersion}, revision = p.revision + 1, updated_at = now()
    WHERE p.account_id = ${tx.account} AND p.id = ${id}`);

export const setDeleted = (tx: AccountTransaction, id: string, isDeleted: boolean) =>
  tx.execute(tx.sql`
    UPDATE identity.project AS p
    SET deleted_at = CASE WHEN ${isDeleted}::boolean THEN now() END, revision = p.revision + 1, updated_at = now()
    WHERE p.account_id = ${tx.account} AND p.id = ${id}`);

/** All that the project has on from now on. */
export const writeFlags = async (
  tx: AccountTransaction,
  projectId: string,
  flags: readonly FlagOn[],
): Promise<void> => {
  await tx.execute(tx.sql`
    DELETE FROM identity.project_feature_flag AS f
    WHERE f.account_id = ${tx.account} AND f.project_id = ${projectId}`);
  await tx.execute(tx.sql`
    INSERT INTO identity.project_feature_flag (account_id, project_id, code, configuration)
    SELECT ${tx.account}::uuid, ${projectId}::uuid, f.code, f.configuration
    FROM unnest(${flags.map(({ code }) => code)}::text[],
        ${flags.map(({ configuration }) => JSON.stringify(configuration))}::jsonb[]) AS f (code, configuration)`);
};
