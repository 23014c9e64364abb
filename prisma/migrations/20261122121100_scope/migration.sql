-- How far a membership and an API token reach (org units, projects, types they may write), the modules of an account,
-- its projects, and tokens that belong to nobody.

-- ---------------------------------------------------------------------------------------------- modules

ALTER TABLE identity.account ADD COLUMN modules text[];
COMMENT ON COLUMN identity.account.modules IS 'Names of the modules that are switched on; NULL: all, also those of later releases. IDENTITY and PLATFORM are always on.';
DROP TRIGGER account_rights ON identity.account;
CREATE TRIGGER account_rights AFTER UPDATE OF closed_at, modules OR DELETE ON identity.account
  FOR EACH ROW EXECUTE FUNCTION identity.notify_record_rights('account');

-- ---------------------------------------------------------------------------------------------- projects

CREATE TABLE identity.project (
  account_id           uuid NOT NULL REFERENCES identity.account (id),
  id                   uuid NOT NULL,
  name                 text NOT NULL,
  name_key             text NOT NULL,
  app_id               text,
  colour               text,
  description          text NOT NULL DEFAULT '',
  needs_authentication boolean NOT NULL DEFAULT true,
  min_version          integer,
  revision             integer NOT NULL DEFAULT 1,
  created_at           timestamptz NOT NULL DEFAULT now(),
  updated_at           timestamptz NOT NULL DEFAULT now(),
  deleted_at           timestamptz,
  PRIMARY KEY (account_id, id),
  CONSTRAINT project_name_length CHECK (length(name) BETWEEN 1 AND 200),
  CONSTRAINT project_app_id_form CHECK (app_id ~ '^[A-Za-z0-9]([A-Za-z0-9._-]{0,98}[A-Za-z0-9])?$'),
  CONSTRAINT project_colour_form CHECK (colour ~ '^#[0-9a-f]{6}$'),
  CONSTRAINT project_description_length CHECK (length(description) <= 2000),
  CONSTRAINT project_min_version CHECK (min_version >= 0)
);
CREATE UNIQUE INDEX project_name_key_key ON identity.project (account_id, name_key) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX project_app_id_key ON identity.project (account_id, app_id) WHERE deleted_at IS NULL;
COMMENT ON TABLE identity.project IS 'A workspace inside an account.';
COMMENT ON COLUMN identity.project.app_id IS 'What apps on phones call it; NULL where no app uses it.';
COMMENT ON COLUMN identity.project.min_version IS 'The oldest app version that may work with it, as the app counts.';

CREATE TABLE identity.project_feature_flag (
  account_id    uuid NOT NULL,
  project_id    uuid NOT NULL,
  code          text NOT NULL,
  configuration jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (account_id, project_id, code),
  CONSTRAINT project_feature_flag_project_fkey FOREIGN KEY (account_id, project_id)
    REFERENCES identity.project (account_id, id),
  CONSTRAINT project_feature_flag_configuration CHECK (jsonb_typeof(configuration) = 'object')
);
COMMENT ON TABLE identity.project_feature_flag IS 'What a project has switched on, with the configuration that the flag asks for.';

-- ---------------------------------------------------------------------------------------------- scope
-- NULL means no limit, an empty list means nothing: taking the last one away must not open everything. The ids are
-- checked when they are written; an id that is gone later reaches nothing.

ALTER TABLE identity.membership
  ADD COLUMN unit_ids          uuid[],
  ADD COLUMN project_ids       uuid[],
  ADD COLUMN writable_type_ids uuid[],
  ADD CONSTRAINT membership_unit_ids_count CHECK (cardinality(unit_ids) <= 200),
  ADD CONSTRAINT membership_project_ids_count CHECK (cardinality(project_ids) <= 200),
  ADD CONSTRAINT membership_writable_type_ids_count CHECK (cardinality(writable_type_ids) <= 200);
COMMENT ON COLUMN identity.membership.unit_ids IS 'The member reaches these org units and everything below them; NULL: all.';
COMMENT ON COLUMN identity.membership.project_ids IS 'The member reaches what belongs to these projects; NULL: all.';
COMMENT ON COLUMN identity.membership.writable_type_ids IS 'The member edits org units of these types; NULL: of all, also of none.';

ALTER TABLE identity.api_token
  ALTER COLUMN user_id DROP NOT NULL,
  ADD COLUMN unit_ids    uuid[],
  ADD COLUMN project_ids uuid[],
  ADD COLUMN created_by  uuid,
  ADD CONSTRAINT api_token_created_by_fkey FOREIGN KEY (account_id, created_by)
    REFERENCES identity.membership (account_id, user_id),
  ADD CONSTRAINT api_token_unit_ids_count CHECK (cardinality(unit_ids) <= 200),
  ADD CONSTRAINT api_token_project_ids_count CHECK (cardinality(project_ids) <= 200);
CREATE INDEX api_token_created_by_idx ON identity.api_token (account_id, created_by);
CREATE INDEX api_token_service_idx ON identity.api_token (account_id, id) WHERE user_id IS NULL;
COMMENT ON COLUMN identity.api_token.user_id IS 'Whose token it is; NULL for a service token, which is nobody''s and stays when its maker leaves.';
COMMENT ON COLUMN identity.api_token.unit_ids IS 'What the token reaches at most, within the reach of its member; NULL: no limit of its own.';
COMMENT ON COLUMN identity.api_token.created_by IS 'Who made it.';

-- ------------------------------------------------------------- contract views, read by packages/viewer

CREATE OR REPLACE VIEW identity.viewer_rights AS
SELECT m.account_id,
       m.user_id,
       ARRAY(
         SELECT unnest(m.permissions)
         UNION
         SELECT unnest(r.permissions)
         FROM identity.membership_role mr
         JOIN identity.role r ON r.account_id = mr.account_id AND r.id = mr.role_id
         WHERE mr.account_id = m.account_id AND mr.user_id = m.user_id
       ) AS permissions,
       EXISTS (
         SELECT 1
         FROM identity.membership_role mr
         JOIN identity.role r ON r.account_id = mr.account_id AND r.id = mr.role_id
         WHERE mr.account_id = m.account_id AND mr.user_id = m.user_id AND r.every_permission
       ) AS every_permission,
       a.modules,
       m.unit_ids,
       m.project_ids,
       m.writable_type_ids
FROM identity.membership m
JOIN identity."user" u ON u.id = m.user_id AND u.deactivated_at IS NULL
JOIN identity.account a ON a.id = m.account_id AND a.closed_at IS NULL
WHERE m.ended_at IS NULL;
COMMENT ON VIEW identity.viewer_rights IS 'Contract: one row per member who may act now. permissions: the union of direct ones and those of roles. every_permission: all there are. modules: those switched on, NULL for all; permissions of others are not effective. unit_ids, project_ids, writable_type_ids: the scope, NULL for no limit. No row: no rights. Columns are only ever added.';

CREATE OR REPLACE VIEW identity.viewer_token AS
SELECT t.token_hash, t.account_id, t.id AS token_id, t.user_id, t.permissions, t.expires_at, t.last_used_at,
       t.unit_ids, t.project_ids, a.modules
FROM identity.api_token t
JOIN identity.account a ON a.id = t.account_id AND a.closed_at IS NULL
WHERE t.revoked_at IS NULL;
COMMENT ON VIEW identity.viewer_token IS 'Contract: API tokens that were not revoked, of accounts that are open, found by the SHA-256 of the token. user_id is NULL for a service token: it may do what it says by itself. unit_ids, project_ids: what the token narrows the scope of its member to, NULL for no limit of its own.';

DROP TRIGGER api_token_rights ON identity.api_token;
CREATE FUNCTION identity.notify_token_rights() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('identity_rights',
    CASE WHEN OLD.user_id IS NULL THEN 'account:' || OLD.account_id ELSE 'user:' || OLD.user_id END);
  RETURN NULL;
END $$;
CREATE TRIGGER api_token_rights
  AFTER UPDATE OF revoked_at, expires_at, permissions, unit_ids, project_ids OR DELETE ON identity.api_token
  FOR EACH ROW EXECUTE FUNCTION identity.notify_token_rights();

-- ------------------------------------------------------------- contract view of georegistry

-- Where a unit stands by what is known newest: in the draft, else in the newest version, else where it stood last.
CREATE VIEW georegistry.org_unit_place AS
SELECT p.account_id, p.data_source_id, p.unit_id, p.path
FROM georegistry.org_unit_path p
WHERE NOT EXISTS (
  SELECT FROM georegistry.org_unit_path later
  WHERE later.account_id = p.account_id AND later.unit_id = p.unit_id AND later.from_version > p.from_version
);
COMMENT ON VIEW georegistry.org_unit_place IS 'Contract: one row per unit that ever stood in a tree, with the newest path: 4 bytes per level, so that a subtree is path >= p AND path < p || ''\xffffffff''. What is recorded at a unit is in the scope of a viewer by this place. Columns are only ever added.';

DO $$
BEGIN
  IF (SELECT r.rolsuper OR r.rolcreaterole FROM pg_roles r WHERE r.rolname = current_user) THEN
    PERFORM platform.grant_subgraph_roles();
  END IF;
END $$;
