-- What may stand below what, sets of groups, and records that are deleted but can come back.

-- ---------------------------------------------------------------------------------------------------------------
-- Types: the graph of allowed sub types
-- ---------------------------------------------------------------------------------------------------------------

ALTER TABLE georegistry.org_unit_type
  ADD COLUMN category text CONSTRAINT org_unit_type_category
    CHECK (category IN ('COUNTRY', 'REGION', 'DISTRICT', 'HEALTH_FACILITY')),
  -- Whether only the listed sub types may stand right below a unit of this type; otherwise anything may.
  ADD COLUMN limits_sub_types boolean NOT NULL DEFAULT false,
  -- Members of one of these roles may create units of this type; null: whoever may edit units. No foreign key: roles
  -- are identity's, and one that is gone is held by nobody.
  ADD COLUMN creator_role_ids uuid[],
  -- Forms of submissions whose latest answer describes a unit of this type.
  ADD COLUMN reference_form_ids uuid[] NOT NULL DEFAULT '{}',
  ADD COLUMN deleted_at timestamptz;

-- Units of the child type may stand right below units of the parent type.
CREATE TABLE georegistry.org_unit_sub_type (
  account_id uuid NOT NULL,
  parent_type_id uuid NOT NULL,
  child_type_id uuid NOT NULL,
  PRIMARY KEY (account_id, parent_type_id, child_type_id),
  CONSTRAINT org_unit_sub_type_parent_type FOREIGN KEY (account_id, parent_type_id)
    REFERENCES georegistry.org_unit_type (account_id, id) ON DELETE CASCADE,
  CONSTRAINT org_unit_sub_type_child_type FOREIGN KEY (account_id, child_type_id)
    REFERENCES georegistry.org_unit_type (account_id, id) ON DELETE CASCADE
);
CREATE INDEX org_unit_sub_type_child ON georegistry.org_unit_sub_type (account_id, child_type_id);

-- A cycle is a chain of two or more types, each allowed below the one before, that comes back to its first. A type
-- that is allowed right below itself says so on purpose, and is none. Editors of one account's graph stand in line, so
-- that two edits at once cannot close a circle that neither sees.
CREATE FUNCTION georegistry.guard_sub_types() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  a uuid;
  bad uuid;
BEGIN
  FOR a IN SELECT DISTINCT w.account_id FROM written w LOOP
    PERFORM pg_advisory_xact_lock(hashtextextended('org_unit_sub_type ' || a, 0));
    WITH RECURSIVE below AS (
      SELECT w.parent_type_id AS top, w.child_type_id AS at FROM written w
      WHERE w.account_id = a AND w.parent_type_id <> w.child_type_id
      UNION
      SELECT b.top, e.child_type_id FROM below b
      JOIN georegistry.org_unit_sub_type e ON e.account_id = a AND e.parent_type_id = b.at
        AND e.child_type_id <> e.parent_type_id
    )
    SELECT b.top INTO bad FROM below b WHERE b.at = b.top LIMIT 1;
    IF bad IS NOT NULL THEN
      PERFORM georegistry.refuse('org_unit_sub_type_no_cycle', 'allowed sub types never lead back to a type', bad::text);
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER org_unit_sub_type_inserted AFTER INSERT ON georegistry.org_unit_sub_type
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION georegistry.guard_sub_types();
CREATE TRIGGER org_unit_sub_type_updated AFTER UPDATE ON georegistry.org_unit_sub_type
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION georegistry.guard_sub_types();

-- ---------------------------------------------------------------------------------------------------------------
-- Groups, sets of groups, sources
-- ---------------------------------------------------------------------------------------------------------------

ALTER TABLE georegistry."group" ADD COLUMN deleted_at timestamptz;
ALTER TABLE georegistry.data_source ADD COLUMN deleted_at timestamptz;

-- Groups of one source that answer one question, such as ownership: public, private, faith-based.
CREATE TABLE georegistry.group_set (
  account_id uuid NOT NULL,
  id uuid NOT NULL,
  data_source_id uuid NOT NULL,
  name text NOT NULL CONSTRAINT group_set_name_length CHECK (length(name) BETWEEN 1 AND 255),
  name_key text COLLATE "C" NOT NULL,
  reference text COLLATE "C" NOT NULL CONSTRAINT group_set_reference_length CHECK (length(reference) BETWEEN 1 AND 255),
  reference_generated boolean NOT NULL DEFAULT false,
  -- SINGLE: a unit is in one of its groups at most.
  membership text NOT NULL CONSTRAINT group_set_membership CHECK (membership IN ('SINGLE', 'MULTIPLE')),
  revision integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  PRIMARY KEY (account_id, id),
  CONSTRAINT group_set_reference UNIQUE (account_id, data_source_id, reference),
  CONSTRAINT group_set_data_source FOREIGN KEY (account_id, data_source_id)
    REFERENCES georegistry.data_source (account_id, id)
);
CREATE INDEX group_set_name ON georegistry.group_set (account_id, data_source_id, name_key, id);

CREATE TABLE georegistry.group_set_group (
  account_id uuid NOT NULL,
  group_set_id uuid NOT NULL,
  group_id uuid NOT NULL,
  PRIMARY KEY (account_id, group_set_id, group_id),
  CONSTRAINT group_set_group_of_set FOREIGN KEY (account_id, group_set_id)
    REFERENCES georegistry.group_set (account_id, id) ON DELETE CASCADE,
  CONSTRAINT group_set_group_in_set FOREIGN KEY (account_id, group_id)
    REFERENCES georegistry."group" (account_id, id) ON DELETE CASCADE
);
CREATE INDEX group_set_group_group ON georegistry.group_set_group (account_id, group_id);

-- The pairs of groups of which a unit may be in one only.
CREATE VIEW georegistry.exclusive_group AS
SELECT t.account_id, t.data_source_id, t.id AS group_set_id, m.group_id
FROM georegistry.group_set t
JOIN georegistry.group_set_group m ON m.account_id = t.account_id AND m.group_set_id = t.id
WHERE t.membership = 'SINGLE' AND t.deleted_at IS NULL;

-- Refuses units that are in two groups of a SINGLE set, among the open states of the source.
CREATE FUNCTION georegistry.check_exclusive_groups(account uuid, source uuid) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  bad uuid;
BEGIN
  -- Writers of units lock the draft; whoever changes a set waits for them, and they for it.
  PERFORM FROM georegistry.source_version v
  WHERE v.account_id = account AND v.data_source_id = source AND v.status = 'DRAFT' FOR NO KEY UPDATE;
  SELECT x.unit_id INTO bad FROM (
    SELECT s.unit_id FROM georegistry.exclusive_group e
    JOIN georegistry.org_unit_state s ON s.group_ids @> ARRAY[e.group_id] AND s.account_id = account
      AND s.data_source_id = source AND s.to_version IS NULL
    WHERE e.account_id = account AND e.data_source_id = source
    GROUP BY s.unit_id, e.group_set_id HAVING count(*) > 1
  ) x LIMIT 1;
  IF bad IS NOT NULL THEN
    PERFORM georegistry.refuse('group_set_single', 'units are in several groups of the set', bad::text);
  END IF;
END $$;

CREATE FUNCTION georegistry.guard_group_set() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.membership = 'SINGLE' AND NEW.deleted_at IS NULL THEN
    PERFORM georegistry.check_exclusive_groups(NEW.account_id, NEW.data_source_id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER group_set_single AFTER UPDATE OF membership, deleted_at ON georegistry.group_set
  FOR EACH ROW EXECUTE FUNCTION georegistry.guard_group_set();

CREATE FUNCTION georegistry.guard_group_set_group() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  s record;
  bad uuid;
BEGIN
  SELECT w.group_id INTO bad FROM written w
  JOIN georegistry.group_set t ON t.account_id = w.account_id AND t.id = w.group_set_id
  JOIN georegistry."group" g ON g.account_id = w.account_id AND g.id = w.group_id
  WHERE g.data_source_id <> t.data_source_id LIMIT 1;
  IF bad IS NOT NULL THEN
    PERFORM georegistry.refuse('group_set_source', 'a set gathers groups of its own source', bad::text);
  END IF;
  FOR s IN SELECT DISTINCT t.account_id AS account, t.data_source_id AS source FROM written w
    JOIN georegistry.group_set t ON t.account_id = w.account_id AND t.id = w.group_set_id AND t.membership = 'SINGLE'
  LOOP
    PERFORM georegistry.check_exclusive_groups(s.account, s.source);
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER group_set_group_inserted AFTER INSERT ON georegistry.group_set_group
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION georegistry.guard_group_set_group();

-- What is written of units names no deleted type or group, and no two groups of a SINGLE set. Where an account has
-- deleted nothing and has no such set, nothing is looked at. FOR KEY SHARE of guard_written_states has waited for
-- whoever deletes.
CREATE FUNCTION georegistry.guard_written_records() RETURNS trigger
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  s record;
  bad uuid;
BEGIN
  FOR s IN SELECT DISTINCT w.account_id AS account, w.data_source_id AS source FROM written w LOOP
    IF EXISTS (SELECT FROM georegistry.org_unit_type t WHERE t.account_id = s.account AND t.deleted_at IS NOT NULL) THEN
      SELECT t.id INTO bad FROM georegistry.org_unit_type t
      WHERE t.account_id = s.account AND t.deleted_at IS NOT NULL
        AND t.id IN (SELECT w.type_id FROM written w WHERE w.account_id = s.account AND w.to_version IS NULL) LIMIT 1;
      IF bad IS NOT NULL THEN
        PERFORM georegistry.refuse('org_unit_state_type', 'the type is deleted', bad::text);
      END IF;
    END IF;
    IF EXISTS (SELECT FROM georegistry."group" g WHERE g.account_id = s.account AND g.data_source_id = s.source
        AND g.deleted_at IS NOT NULL) THEN
      SELECT g.id INTO bad FROM georegistry."group" g
      WHERE g.account_id = s.account AND g.data_source_id = s.source AND g.deleted_at IS NOT NULL
        AND g.id IN (SELECT unnest(w.group_ids) FROM written w WHERE w.account_id = s.account
          AND w.data_source_id = s.source AND w.to_version IS NULL) LIMIT 1;
      IF bad IS NOT NULL THEN
        PERFORM georegistry.refuse('org_unit_state_group', 'the group is deleted', bad::text);
      END IF;
    END IF;
    IF EXISTS (SELECT FROM georegistry.exclusive_group e WHERE e.account_id = s.account AND e.data_source_id = s.source)
    THEN
      SELECT x.unit_id INTO bad FROM (
        SELECT w.unit_id FROM written w
        CROSS JOIN LATERAL unnest(w.group_ids) AS g (id)
        JOIN georegistry.exclusive_group e ON e.account_id = s.account AND e.data_source_id = s.source
          AND e.group_id = g.id
        WHERE w.account_id = s.account AND w.data_source_id = s.source AND w.to_version IS NULL
        GROUP BY w.unit_id, e.group_set_id HAVING count(*) > 1
      ) x LIMIT 1;
      IF bad IS NOT NULL THEN
        PERFORM georegistry.refuse('org_unit_state_exclusive_groups',
          'a unit is in one group of a SINGLE set at most', bad::text);
      END IF;
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
-- Triggers fire in the order of their names: after org_unit_state_inserted and org_unit_state_updated_new.
CREATE TRIGGER org_unit_state_written_records AFTER INSERT ON georegistry.org_unit_state
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION georegistry.guard_written_records();
CREATE TRIGGER org_unit_state_written_records_again AFTER UPDATE ON georegistry.org_unit_state
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION georegistry.guard_written_records();

-- ---------------------------------------------------------------------------------------------------------------
-- What an account wants of its registry
-- ---------------------------------------------------------------------------------------------------------------

CREATE TABLE georegistry.registry_settings (
  account_id uuid PRIMARY KEY REFERENCES identity.account (id),
  -- What an import does with rows whose type may not stand below their parent's.
  import_violations text NOT NULL DEFAULT 'REFUSE' CONSTRAINT registry_settings_import_violations
    CHECK (import_violations IN ('REFUSE', 'FLAG')),
  revision integer NOT NULL DEFAULT 1,
  updated_at timestamptz NOT NULL DEFAULT now()
);

-- ---------------------------------------------------------------------------------------------------------------
-- Contract views
-- ---------------------------------------------------------------------------------------------------------------

-- Sources that are deleted have no current version.
CREATE OR REPLACE VIEW georegistry.current_version AS
SELECT v.account_id, v.data_source_id, v.id AS version_id, v.number, v.status = 'RELEASED' AS released, d.public
FROM georegistry.data_source d
JOIN georegistry.source_version v ON v.account_id = d.account_id AND v.data_source_id = d.id
  AND v.number = coalesce(d.chosen_version_number, d.released_version_number, d.draft_version_number)
WHERE d.deleted_at IS NULL;

CREATE VIEW identity.member_role AS
SELECT mr.account_id, mr.user_id, mr.role_id
FROM identity.membership_role mr
JOIN identity.membership m ON m.account_id = mr.account_id AND m.user_id = mr.user_id AND m.ended_at IS NULL;
COMMENT ON VIEW identity.member_role IS 'Contract: the roles that members of an account hold now.';

CREATE VIEW identity.known_role AS
SELECT r.account_id, r.id AS role_id, r.name FROM identity.role r;
COMMENT ON VIEW identity.known_role IS 'Contract: the roles of an account.';

CREATE VIEW submissions.known_form AS
SELECT f.account_id, f.id AS form_id, f.name FROM submissions.form f WHERE f.deleted_at IS NULL;
COMMENT ON VIEW submissions.known_form IS 'Contract: the forms of an account that are not deleted.';

DO $$
BEGIN
  IF (SELECT r.rolsuper OR r.rolcreaterole FROM pg_roles r WHERE r.rolname = current_user) THEN
    PERFORM platform.grant_subgraph_roles();
  END IF;
END $$;
