-- The registry of places: sources, their numbered versions, and trees of org units kept in state rows that are
-- valid for a range of versions [from_version, to_version).
--
-- How a version is read: a row belongs to version v when from_version <= v and (to_version is null or
-- to_version > v). `to_version` stands in no index and in no index predicate, and the versioned tables leave room on
-- their pages, so closing a row rewrites it in place and touches no index (docs/decisions/0301-closing-a-row.md).
--
-- Who keeps it true: statement triggers at the end of this file. Every change is one statement (data-modifying CTEs),
-- so that they see its final state. They check whole sets, never row by row.

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

CREATE SCHEMA IF NOT EXISTS georegistry;

-- Where a tree comes from: a DHIS2 server, a file, edits by hand.
CREATE TABLE georegistry.data_source (
  account_id uuid NOT NULL REFERENCES identity.account (id),
  id uuid NOT NULL,
  name text NOT NULL CONSTRAINT data_source_name_length CHECK (length(name) BETWEEN 1 AND 255),
  -- The name folded (accents, case): two sources of an account never differ in those alone.
  name_key text COLLATE "C" NOT NULL,
  description text NOT NULL DEFAULT '',
  read_only boolean NOT NULL DEFAULT false,
  public boolean NOT NULL DEFAULT false,
  -- IANA name; null means the account's.
  time_zone text,
  -- The version chosen to be read; null means the newest released one.
  chosen_version_number integer,
  -- Both kept by a trigger on source_version, so that finding the current version needs no search.
  released_version_number integer,
  draft_version_number integer,
  -- The next org_unit.number of this source.
  next_unit_number integer NOT NULL DEFAULT 1,
  revision integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, id),
  CONSTRAINT data_source_name_key UNIQUE (account_id, name_key)
);

-- A numbered snapshot of a source's tree.
CREATE TABLE georegistry.source_version (
  account_id uuid NOT NULL,
  id uuid NOT NULL,
  data_source_id uuid NOT NULL,
  number integer NOT NULL CONSTRAINT source_version_number_positive CHECK (number >= 1),
  status text NOT NULL DEFAULT 'DRAFT' CONSTRAINT source_version_status CHECK (status IN ('DRAFT', 'RELEASED')),
  name text NOT NULL DEFAULT '' CONSTRAINT source_version_name_length CHECK (length(name) <= 255),
  description text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  released_at timestamptz,
  -- The job that fills this draft; until it ends, edits by others answer CONFLICT.
  held_by_job_id uuid,
  PRIMARY KEY (account_id, id),
  CONSTRAINT source_version_number UNIQUE (account_id, data_source_id, number),
  CONSTRAINT source_version_data_source FOREIGN KEY (account_id, data_source_id)
    REFERENCES georegistry.data_source (account_id, id),
  CONSTRAINT source_version_released CHECK ((status = 'RELEASED') = (released_at IS NOT NULL)),
  CONSTRAINT source_version_hold CHECK (held_by_job_id IS NULL OR status = 'DRAFT')
);
CREATE UNIQUE INDEX source_version_one_draft ON georegistry.source_version (account_id, data_source_id)
  WHERE status = 'DRAFT';

ALTER TABLE georegistry.data_source
  ADD CONSTRAINT data_source_chosen_version FOREIGN KEY (account_id, id, chosen_version_number)
    REFERENCES georegistry.source_version (account_id, data_source_id, number);
CREATE UNIQUE INDEX data_source_chosen ON georegistry.data_source (account_id, id, chosen_version_number);

-- The place itself. It stays for life, also when no version holds a state of it any more.
CREATE TABLE georegistry.org_unit (
  account_id uuid NOT NULL,
  id uuid NOT NULL,
  data_source_id uuid NOT NULL,
  -- The label of this unit in paths, counted per source from 1.
  number integer NOT NULL CONSTRAINT org_unit_number_positive CHECK (number >= 1),
  -- What the source calls the unit; a reference identifies a unit only together with its source.
  reference text COLLATE "C" NOT NULL CONSTRAINT org_unit_reference_length CHECK (length(reference) BETWEEN 1 AND 255),
  reference_generated boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, id),
  CONSTRAINT org_unit_reference UNIQUE (account_id, data_source_id, reference),
  CONSTRAINT org_unit_number UNIQUE (account_id, data_source_id, number),
  CONSTRAINT org_unit_data_source FOREIGN KEY (account_id, data_source_id)
    REFERENCES georegistry.data_source (account_id, id)
);

-- What kind of place: country, district, clinic.
CREATE TABLE georegistry.org_unit_type (
  account_id uuid NOT NULL REFERENCES identity.account (id),
  id uuid NOT NULL,
  name text NOT NULL CONSTRAINT org_unit_type_name_length CHECK (length(name) BETWEEN 1 AND 255),
  name_key text COLLATE "C" NOT NULL,
  short_name text NOT NULL DEFAULT '' CONSTRAINT org_unit_type_short_name_length CHECK (length(short_name) <= 255),
  -- Usual level in the tree, 0 for roots; a hint for display.
  depth integer CONSTRAINT org_unit_type_depth CHECK (depth BETWEEN 0 AND 63),
  revision integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, id),
  CONSTRAINT org_unit_type_name_key UNIQUE (account_id, name_key)
);

-- Units of one source that belong together. Names may repeat: two groups of a server can bear one name.
CREATE TABLE georegistry."group" (
  account_id uuid NOT NULL,
  id uuid NOT NULL,
  data_source_id uuid NOT NULL,
  name text NOT NULL CONSTRAINT group_name_length CHECK (length(name) BETWEEN 1 AND 255),
  name_key text COLLATE "C" NOT NULL,
  reference text COLLATE "C" NOT NULL CONSTRAINT group_reference_length CHECK (length(reference) BETWEEN 1 AND 255),
  reference_generated boolean NOT NULL DEFAULT false,
  revision integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, id),
  CONSTRAINT group_reference UNIQUE (account_id, data_source_id, reference),
  CONSTRAINT group_data_source FOREIGN KEY (account_id, data_source_id)
    REFERENCES georegistry.data_source (account_id, id)
);
CREATE INDEX group_name ON georegistry."group" (account_id, data_source_id, name_key, id);

-- A polygon or multipolygon in EPSG:4326, once per account.
CREATE TABLE georegistry.shape (
  account_id uuid NOT NULL REFERENCES identity.account (id),
  -- SHA-256 of wkb.
  hash bytea NOT NULL CONSTRAINT shape_hash_length CHECK (octet_length(hash) = 32),
  wkb bytea NOT NULL,
  -- Longitude is x, latitude is y, in degrees.
  bounds box NOT NULL,
  area_m2 double precision NOT NULL,
  -- A point on the surface, for labels and as the unit's place when it has no location of its own.
  centroid point,
  vertex_count integer NOT NULL,
  valid boolean NOT NULL,
  invalid_reason text,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, hash),
  CONSTRAINT shape_reason CHECK (valid = (invalid_reason IS NULL))
);
CREATE INDEX shape_bounds ON georegistry.shape USING gist (bounds);

-- Simplified forms of a shape: level 1 is the finest.
CREATE TABLE georegistry.shape_level (
  account_id uuid NOT NULL,
  hash bytea NOT NULL,
  level smallint NOT NULL CONSTRAINT shape_level_positive CHECK (level >= 1),
  -- In degrees.
  tolerance double precision NOT NULL,
  wkb bytea NOT NULL,
  vertex_count integer NOT NULL,
  PRIMARY KEY (account_id, hash, level),
  CONSTRAINT shape_level_shape FOREIGN KEY (account_id, hash) REFERENCES georegistry.shape (account_id, hash)
    ON DELETE CASCADE
);

-- A place in a range of versions. Its references to unit, parent, type, groups and shape are checked by triggers in
-- sets; a foreign key would check each row by itself.
CREATE TABLE georegistry.org_unit_state (
  account_id uuid NOT NULL,
  data_source_id uuid NOT NULL,
  unit_id uuid NOT NULL,
  parent_id uuid,
  type_id uuid,
  longitude double precision,
  latitude double precision,
  -- Metres above the WGS 84 ellipsoid or mean sea level, as the source gives it.
  altitude double precision,
  written_at timestamptz NOT NULL DEFAULT now(),
  from_version integer NOT NULL,
  -- Exclusive; null while open.
  to_version integer,
  -- Counts the changes of this unit over all its states.
  revision integer NOT NULL DEFAULT 1,
  opening_date date,
  closed_date date,
  status text NOT NULL CONSTRAINT org_unit_state_status CHECK (status IN ('NEW', 'VALID', 'REJECTED')),
  name text NOT NULL CONSTRAINT org_unit_state_name_length CHECK (length(name) BETWEEN 1 AND 255),
  name_key text COLLATE "C" NOT NULL,
  -- Name, aliases, code and reference, each folded, joined by line feeds.
  search_key text COLLATE "C" NOT NULL,
  code text NOT NULL DEFAULT '' CONSTRAINT org_unit_state_code_length CHECK (length(code) <= 255),
  aliases text[] NOT NULL DEFAULT '{}' CONSTRAINT org_unit_state_aliases_count CHECK (cardinality(aliases) <= 100),
  -- The groups the unit is in; null when none, sorted.
  group_ids uuid[] CONSTRAINT org_unit_state_groups_some CHECK (cardinality(group_ids) > 0),
  shape_hash bytea,
  -- Extra attributes as one object; null when none.
  attributes jsonb CONSTRAINT org_unit_state_attributes_object CHECK (jsonb_typeof(attributes) = 'object'),
  PRIMARY KEY (account_id, unit_id, from_version),
  CONSTRAINT org_unit_state_range CHECK (to_version > from_version),
  CONSTRAINT org_unit_state_not_own_parent CHECK (parent_id <> unit_id),
  CONSTRAINT org_unit_state_dates CHECK (closed_date > opening_date),
  CONSTRAINT org_unit_state_location CHECK (
    (longitude IS NULL) = (latitude IS NULL)
    AND (longitude IS NOT NULL OR altitude IS NULL)
    AND longitude BETWEEN -180 AND 180
    AND latitude BETWEEN -90 AND 90
    AND altitude BETWEEN -20000 AND 100000
  )
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02);
CREATE INDEX org_unit_state_children ON georegistry.org_unit_state
  (account_id, data_source_id, parent_id, name_key, unit_id);
CREATE INDEX org_unit_state_name ON georegistry.org_unit_state (account_id, data_source_id, name_key, unit_id);
CREATE INDEX org_unit_state_type ON georegistry.org_unit_state (account_id, type_id, data_source_id);
CREATE INDEX org_unit_state_from ON georegistry.org_unit_state (account_id, data_source_id, from_version);
CREATE INDEX org_unit_state_shape ON georegistry.org_unit_state (account_id, shape_hash) WHERE shape_hash IS NOT NULL;
CREATE INDEX org_unit_state_groups ON georegistry.org_unit_state USING gin (group_ids) WHERE group_ids IS NOT NULL;
CREATE INDEX org_unit_state_point ON georegistry.org_unit_state USING spgist (point(longitude, latitude))
  WHERE longitude IS NOT NULL;
CREATE INDEX org_unit_state_search ON georegistry.org_unit_state USING gin (search_key public.gin_trgm_ops);

-- Where a unit stands in the tree: 4 bytes per level of org_unit.number, from the root down to the unit itself.
-- Derived, and in a table of its own: moving a district rewrites the narrow rows below it and one state.
-- A subtree is path >= p and path < p || '\xffffffff'.
CREATE TABLE georegistry.org_unit_path (
  account_id uuid NOT NULL,
  data_source_id uuid NOT NULL,
  unit_id uuid NOT NULL,
  from_version integer NOT NULL,
  to_version integer,
  path bytea NOT NULL CONSTRAINT org_unit_path_levels CHECK (
    octet_length(path) BETWEEN 4 AND 256 AND octet_length(path) % 4 = 0
  ),
  PRIMARY KEY (account_id, unit_id, from_version),
  CONSTRAINT org_unit_path_range CHECK (to_version > from_version)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02);
CREATE INDEX org_unit_path_tree ON georegistry.org_unit_path (account_id, data_source_id, path);
CREATE INDEX org_unit_path_from ON georegistry.org_unit_path (account_id, data_source_id, from_version);
-- A subtree's size is estimated from these; the default of 100 takes 5,000 units for one.
ALTER TABLE georegistry.org_unit_path ALTER COLUMN path SET STATISTICS 1000;

-- Which units a version no longer holds. Kept by triggers, so that the difference of two versions finds removed
-- units without reading the rest.
CREATE TABLE georegistry.org_unit_removal (
  account_id uuid NOT NULL,
  data_source_id uuid NOT NULL,
  version_number integer NOT NULL,
  unit_id uuid NOT NULL,
  PRIMARY KEY (account_id, data_source_id, version_number, unit_id)
);

-- ---------------------------------------------------------------------------------------------------------------
-- Rules of sources and versions
-- ---------------------------------------------------------------------------------------------------------------

-- Says no in a way that callers recognise: a check violation that bears the rule's name.
CREATE FUNCTION georegistry.refuse(rule text, message text, subject text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = rule, SCHEMA = 'georegistry',
    MESSAGE = message, DETAIL = coalesce(subject, '');
END $$;

-- Locks the draft of a source until the transaction ends and answers its number. Every write of content passes
-- here, so writers of one source stand in line.
CREATE FUNCTION georegistry.lock_draft(account uuid, source uuid) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  draft integer;
BEGIN
  SELECT v.number INTO draft FROM georegistry.source_version v
  WHERE v.account_id = account AND v.data_source_id = source AND v.status = 'DRAFT'
  FOR NO KEY UPDATE;
  IF draft IS NULL THEN
    PERFORM georegistry.refuse('source_version_draft_open', 'the source has no open draft', source::text);
  END IF;
  RETURN draft;
END $$;

CREATE FUNCTION georegistry.guard_source_version() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  newest integer;
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT max(v.number) INTO newest FROM georegistry.source_version v
    WHERE v.account_id = NEW.account_id AND v.data_source_id = NEW.data_source_id;
    IF NEW.status <> 'DRAFT' OR NEW.number <> coalesce(newest, 0) + 1 THEN
      PERFORM georegistry.refuse('source_version_next', 'a version begins as a draft with the next number', NEW.id::text);
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' THEN
    IF OLD.status = 'RELEASED' THEN
      PERFORM georegistry.refuse('source_version_released_stays', 'a released version is never deleted', OLD.id::text);
    END IF;
    IF EXISTS (SELECT FROM georegistry.org_unit_state s WHERE s.account_id = OLD.account_id
        AND s.data_source_id = OLD.data_source_id AND s.from_version = OLD.number)
      OR EXISTS (SELECT FROM georegistry.org_unit_path p WHERE p.account_id = OLD.account_id
        AND p.data_source_id = OLD.data_source_id AND p.from_version = OLD.number)
      OR EXISTS (SELECT FROM georegistry.org_unit_removal r WHERE r.account_id = OLD.account_id
        AND r.data_source_id = OLD.data_source_id AND r.version_number = OLD.number)
    THEN
      PERFORM georegistry.refuse('source_version_empty', 'the draft still holds changes', OLD.id::text);
    END IF;
    RETURN OLD;
  END IF;
  IF (NEW.account_id, NEW.id, NEW.data_source_id, NEW.number, NEW.created_at)
      IS DISTINCT FROM (OLD.account_id, OLD.id, OLD.data_source_id, OLD.number, OLD.created_at)
    OR (OLD.status = 'RELEASED' AND (NEW.status, NEW.released_at) IS DISTINCT FROM (OLD.status, OLD.released_at))
  THEN
    PERFORM georegistry.refuse('source_version_released_stays', 'what a version is never changes', OLD.id::text);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER source_version_guard BEFORE INSERT OR UPDATE OR DELETE ON georegistry.source_version
  FOR EACH ROW EXECUTE FUNCTION georegistry.guard_source_version();

-- Keeps the two numbers on the source; a release is one row.
CREATE FUNCTION georegistry.note_source_version() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    UPDATE georegistry.data_source d SET draft_version_number = NULL
    WHERE d.account_id = OLD.account_id AND d.id = OLD.data_source_id;
  ELSIF NEW.status = 'DRAFT' THEN
    UPDATE georegistry.data_source d SET draft_version_number = NEW.number
    WHERE d.account_id = NEW.account_id AND d.id = NEW.data_source_id
      AND d.draft_version_number IS DISTINCT FROM NEW.number;
  ELSIF OLD.status = 'DRAFT' THEN
    UPDATE georegistry.data_source d SET draft_version_number = NULL, released_version_number = NEW.number
    WHERE d.account_id = NEW.account_id AND d.id = NEW.data_source_id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER source_version_note AFTER INSERT OR UPDATE OR DELETE ON georegistry.source_version
  FOR EACH ROW EXECUTE FUNCTION georegistry.note_source_version();

CREATE FUNCTION georegistry.guard_chosen_version() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM georegistry.source_version v WHERE v.account_id = NEW.account_id
      AND v.data_source_id = NEW.id AND v.number = NEW.chosen_version_number AND v.status = 'RELEASED') THEN
    PERFORM georegistry.refuse('data_source_chosen_released', 'only a released version can be the current one', NEW.id::text);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER data_source_chosen BEFORE INSERT OR UPDATE OF chosen_version_number ON georegistry.data_source
  FOR EACH ROW WHEN (NEW.chosen_version_number IS NOT NULL) EXECUTE FUNCTION georegistry.guard_chosen_version();

-- ---------------------------------------------------------------------------------------------------------------
-- Rules of units: what a unit is never changes, and nothing goes that a version still names
-- ---------------------------------------------------------------------------------------------------------------

CREATE FUNCTION georegistry.refuse_new_identity() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM georegistry.refuse('org_unit_stays', 'id, source and number of a unit never change', OLD.id::text);
  RETURN NULL;
END $$;
CREATE TRIGGER org_unit_identity BEFORE UPDATE ON georegistry.org_unit FOR EACH ROW
  WHEN ((NEW.account_id, NEW.id, NEW.data_source_id, NEW.number)
    IS DISTINCT FROM (OLD.account_id, OLD.id, OLD.data_source_id, OLD.number))
  EXECUTE FUNCTION georegistry.refuse_new_identity();

CREATE FUNCTION georegistry.guard_deleted_unit() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM deleted d JOIN georegistry.org_unit_state s ON s.account_id = d.account_id AND s.unit_id = d.id)
  THEN
    PERFORM georegistry.refuse('org_unit_in_use', 'a unit that a version holds is not deleted');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER org_unit_deleted AFTER DELETE ON georegistry.org_unit
  REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION georegistry.guard_deleted_unit();

CREATE FUNCTION georegistry.guard_deleted_type() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM deleted d JOIN georegistry.org_unit_state s ON s.account_id = d.account_id AND s.type_id = d.id)
  THEN
    PERFORM georegistry.refuse('org_unit_type_in_use', 'a type that a version uses is not deleted');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER org_unit_type_deleted AFTER DELETE ON georegistry.org_unit_type
  REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION georegistry.guard_deleted_type();

CREATE FUNCTION georegistry.guard_deleted_group() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM deleted d JOIN georegistry.org_unit_state s
      ON s.group_ids @> ARRAY[d.id] AND s.account_id = d.account_id)
  THEN
    PERFORM georegistry.refuse('group_in_use', 'a group that a version uses is not deleted');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER group_deleted AFTER DELETE ON georegistry."group"
  REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION georegistry.guard_deleted_group();

CREATE FUNCTION georegistry.guard_deleted_shape() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM deleted d JOIN georegistry.org_unit_state s
      ON s.account_id = d.account_id AND s.shape_hash = d.hash)
  THEN
    PERFORM georegistry.refuse('shape_in_use', 'a shape that a version uses is not deleted');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER shape_deleted AFTER DELETE ON georegistry.shape
  REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION georegistry.guard_deleted_shape();

-- ---------------------------------------------------------------------------------------------------------------
-- Rules of states
-- ---------------------------------------------------------------------------------------------------------------

-- Fires only for rows whose content changes (never for closing): those must belong to the draft.
CREATE FUNCTION georegistry.guard_content() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.account_id, NEW.data_source_id, NEW.unit_id, NEW.from_version)
      IS DISTINCT FROM (OLD.account_id, OLD.data_source_id, OLD.unit_id, OLD.from_version)
    OR OLD.from_version <> georegistry.lock_draft(OLD.account_id, OLD.data_source_id)
  THEN
    PERFORM georegistry.refuse('released_content_stays', 'what a released version holds never changes', OLD.unit_id::text);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER org_unit_state_content BEFORE UPDATE ON georegistry.org_unit_state FOR EACH ROW
  WHEN ((NEW.account_id, NEW.data_source_id, NEW.unit_id, NEW.from_version, NEW.parent_id, NEW.type_id, NEW.longitude,
      NEW.latitude, NEW.altitude, NEW.revision, NEW.opening_date, NEW.closed_date, NEW.status, NEW.name, NEW.name_key,
      NEW.search_key, NEW.code, NEW.aliases, NEW.group_ids, NEW.shape_hash, NEW.attributes, NEW.written_at)
    IS DISTINCT FROM (OLD.account_id, OLD.data_source_id, OLD.unit_id, OLD.from_version, OLD.parent_id, OLD.type_id,
      OLD.longitude, OLD.latitude, OLD.altitude, OLD.revision, OLD.opening_date, OLD.closed_date, OLD.status, OLD.name,
      OLD.name_key, OLD.search_key, OLD.code, OLD.aliases, OLD.group_ids, OLD.shape_hash, OLD.attributes,
      OLD.written_at))
  EXECUTE FUNCTION georegistry.guard_content();

-- The checks join what was written with what is there. The planner cannot know which way is good: it has no statistics
-- of rows written a moment ago, and after a rolled back import it takes a full table for an empty one and picks any
-- index. So the way is chosen here, by how much was written: a few rows are looked up by index; many are compared in
-- one pass over the tables (docs/decisions/0302). Every statement is planned anew (force_custom_plan).
CREATE FUNCTION georegistry.choose_way(written bigint) RETURNS void
LANGUAGE sql AS $$
  SELECT set_config('enable_nestloop', CASE WHEN written > 500 AND written * 20 > (
    SELECT c.reltuples FROM pg_catalog.pg_class c WHERE c.oid = 'georegistry.org_unit_state'::regclass
  ) THEN 'off' ELSE 'on' END, true)
$$;

CREATE FUNCTION georegistry.guard_written_states() RETURNS trigger
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan SET enable_nestloop = on AS $$
DECLARE
  s record;
  draft integer;
  bad uuid;
BEGIN
  PERFORM georegistry.choose_way((SELECT count(*) FROM written));
  FOR s IN SELECT DISTINCT w.account_id AS account, w.data_source_id AS source FROM written w LOOP
    draft := georegistry.lock_draft(s.account, s.source);

    -- A row begins at the draft and is open; an existing one may only be closed at the draft, or opened again there.
    IF TG_OP = 'INSERT' AND EXISTS (SELECT FROM written w WHERE w.account_id = s.account AND w.data_source_id = s.source
        AND (w.from_version <> draft OR w.to_version IS NOT NULL))
      OR TG_OP = 'UPDATE' AND EXISTS (SELECT FROM written w WHERE w.account_id = s.account AND w.data_source_id = s.source
        AND w.to_version <> draft)
    THEN
      PERFORM georegistry.refuse('org_unit_state_transition', 'a state begins and ends at the draft only', s.source::text);
    END IF;

    -- One open row per unit, hence ranges never overlap: what is closed ends at or before the draft.
    IF draft > 1 THEN
      SELECT (array_agg(x.unit_id))[1] INTO bad
      FROM (
        SELECT w.unit_id FROM written w
        JOIN georegistry.org_unit_state o ON o.account_id = s.account AND o.unit_id = w.unit_id AND o.to_version IS NULL
        WHERE w.account_id = s.account AND w.data_source_id = s.source AND w.to_version IS NULL
        GROUP BY w.unit_id HAVING count(*) > 1
      ) x;
      IF bad IS NOT NULL THEN
        PERFORM georegistry.refuse('org_unit_state_one_open', 'a unit has one open state', bad::text);
      END IF;
    END IF;

    -- The unit stands in the tree, right below its parent, which is open in the same source.
    SELECT (array_agg(w.unit_id))[1] INTO bad
    FROM written w
    LEFT JOIN georegistry.org_unit_path p ON p.account_id = s.account AND p.unit_id = w.unit_id
      AND p.to_version IS NULL AND p.data_source_id = s.source
    LEFT JOIN georegistry.org_unit_path q ON q.account_id = s.account AND q.unit_id = w.parent_id
      AND q.to_version IS NULL AND q.data_source_id = s.source
    WHERE w.account_id = s.account AND w.data_source_id = s.source AND w.to_version IS NULL
      AND substr(p.path, 1, octet_length(p.path) - 4)
        IS DISTINCT FROM CASE WHEN w.parent_id IS NULL THEN '\x'::bytea ELSE coalesce(q.path, '\x00') END;
    IF bad IS NOT NULL THEN
      PERFORM georegistry.refuse('org_unit_state_in_tree', 'a unit stands right below a parent of the same source and version', bad::text);
    END IF;

    -- FOR KEY SHARE: nobody deletes meanwhile what these rows name.
    PERFORM FROM georegistry.org_unit_type t
    WHERE t.account_id = s.account AND t.id IN (SELECT DISTINCT w.type_id FROM written w WHERE w.account_id = s.account)
    FOR KEY SHARE;
    SELECT (array_agg(x.type_id))[1] INTO bad
    FROM (SELECT DISTINCT w.type_id FROM written w WHERE w.account_id = s.account AND w.type_id IS NOT NULL) x
    WHERE NOT EXISTS (SELECT FROM georegistry.org_unit_type t WHERE t.account_id = s.account AND t.id = x.type_id);
    IF bad IS NOT NULL THEN
      PERFORM georegistry.refuse('org_unit_state_type', 'the type does not exist', bad::text);
    END IF;

    IF EXISTS (SELECT FROM written w WHERE w.group_ids IS NOT NULL) THEN
      PERFORM FROM georegistry."group" g WHERE g.account_id = s.account AND g.id IN (
        SELECT DISTINCT unnest(w.group_ids) FROM written w WHERE w.account_id = s.account AND w.data_source_id = s.source)
      FOR KEY SHARE;
      SELECT (array_agg(x.group_id))[1] INTO bad
      FROM (SELECT DISTINCT unnest(w.group_ids) AS group_id FROM written w
        WHERE w.account_id = s.account AND w.data_source_id = s.source) x
      WHERE NOT EXISTS (SELECT FROM georegistry."group" g
        WHERE g.account_id = s.account AND g.id = x.group_id AND g.data_source_id = s.source);
      IF bad IS NOT NULL THEN
        PERFORM georegistry.refuse('org_unit_state_group', 'the group does not exist in this source', bad::text);
      END IF;
    END IF;

    IF EXISTS (SELECT FROM written w WHERE w.shape_hash IS NOT NULL) THEN
      PERFORM FROM georegistry.shape h WHERE h.account_id = s.account AND h.hash IN (
        SELECT w.shape_hash FROM written w WHERE w.account_id = s.account)
      FOR KEY SHARE;
      SELECT (array_agg(w.unit_id))[1] INTO bad FROM written w
      WHERE w.account_id = s.account AND w.shape_hash IS NOT NULL
        AND NOT EXISTS (SELECT FROM georegistry.shape h WHERE h.account_id = s.account AND h.hash = w.shape_hash);
      IF bad IS NOT NULL THEN
        PERFORM georegistry.refuse('org_unit_state_shape', 'the shape does not exist', bad::text);
      END IF;
    END IF;

    -- A unit that is there is no removed one.
    IF EXISTS (SELECT FROM georegistry.org_unit_removal r WHERE r.account_id = s.account
        AND r.data_source_id = s.source AND r.version_number = draft) THEN
      DELETE FROM georegistry.org_unit_removal r
      WHERE r.ctid = ANY (ARRAY(
        SELECT (SELECT x.ctid FROM georegistry.org_unit_removal x WHERE x.account_id = s.account
          AND x.data_source_id = s.source AND x.version_number = draft AND x.unit_id = w.unit_id)
        FROM written w
        WHERE w.account_id = s.account AND w.data_source_id = s.source AND w.to_version IS NULL));
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

-- Checks what was: rows closed, edited in the draft, or deleted from it.
CREATE FUNCTION georegistry.guard_left_states() RETURNS trigger
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan SET enable_nestloop = on AS $$
DECLARE
  s record;
  draft integer;
  bad uuid;
  gone bigint;
BEGIN
  PERFORM georegistry.choose_way((SELECT count(*) FROM past));
  FOR s IN SELECT DISTINCT l.account_id AS account, l.data_source_id AS source FROM past l LOOP
    draft := georegistry.lock_draft(s.account, s.source);
    IF EXISTS (SELECT FROM past l WHERE l.account_id = s.account AND l.data_source_id = s.source
        AND (l.to_version <> draft OR (TG_OP = 'DELETE' AND l.from_version <> draft)))
    THEN
      PERFORM georegistry.refuse('released_content_stays', 'what a released version holds never changes', s.source::text);
    END IF;

    -- Units left without an open state: none below them, no place in the tree, and the removal noted where an
    -- earlier version had them.
    WITH gone AS MATERIALIZED (
      SELECT DISTINCT l.unit_id FROM past l
      WHERE l.account_id = s.account AND l.data_source_id = s.source
        AND NOT EXISTS (SELECT FROM georegistry.org_unit_state o
          WHERE o.account_id = s.account AND o.unit_id = l.unit_id AND o.to_version IS NULL)
    ), noted AS (
      INSERT INTO georegistry.org_unit_removal (account_id, data_source_id, version_number, unit_id)
      SELECT s.account, s.source, draft, g.unit_id FROM gone g
      WHERE EXISTS (SELECT FROM georegistry.org_unit_state o
        WHERE o.account_id = s.account AND o.unit_id = g.unit_id AND o.to_version = draft)
      ON CONFLICT DO NOTHING
    )
    SELECT (array_agg(x.unit_id))[1] INTO bad
    FROM (
      SELECT g.unit_id FROM gone g
      JOIN georegistry.org_unit_state c ON c.account_id = s.account AND c.data_source_id = s.source
        AND c.parent_id = g.unit_id AND c.to_version IS NULL
      UNION ALL
      SELECT g.unit_id FROM gone g
      JOIN georegistry.org_unit_path p ON p.account_id = s.account AND p.unit_id = g.unit_id AND p.to_version IS NULL
    ) x;
    IF bad IS NOT NULL THEN
      PERFORM georegistry.refuse('org_unit_state_no_orphans', 'a unit that has children is not removed without them', bad::text);
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

CREATE TRIGGER org_unit_state_inserted AFTER INSERT ON georegistry.org_unit_state
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION georegistry.guard_written_states();
CREATE TRIGGER org_unit_state_updated_new AFTER UPDATE ON georegistry.org_unit_state
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION georegistry.guard_written_states();
CREATE TRIGGER org_unit_state_updated_old AFTER UPDATE ON georegistry.org_unit_state
  REFERENCING OLD TABLE AS past FOR EACH STATEMENT EXECUTE FUNCTION georegistry.guard_left_states();
CREATE TRIGGER org_unit_state_deleted AFTER DELETE ON georegistry.org_unit_state
  REFERENCING OLD TABLE AS past FOR EACH STATEMENT EXECUTE FUNCTION georegistry.guard_left_states();

-- ---------------------------------------------------------------------------------------------------------------
-- Rules of paths
-- ---------------------------------------------------------------------------------------------------------------

CREATE TRIGGER org_unit_path_content BEFORE UPDATE ON georegistry.org_unit_path FOR EACH ROW
  WHEN ((NEW.account_id, NEW.data_source_id, NEW.unit_id, NEW.from_version, NEW.path)
    IS DISTINCT FROM (OLD.account_id, OLD.data_source_id, OLD.unit_id, OLD.from_version, OLD.path))
  EXECUTE FUNCTION georegistry.guard_content();

CREATE FUNCTION georegistry.guard_written_paths() RETURNS trigger
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan SET enable_nestloop = on AS $$
DECLARE
  s record;
  draft integer;
  bad uuid;
BEGIN
  PERFORM georegistry.choose_way((SELECT count(*) FROM written));
  FOR s IN SELECT DISTINCT w.account_id AS account, w.data_source_id AS source FROM written w LOOP
    draft := georegistry.lock_draft(s.account, s.source);
    IF TG_OP = 'INSERT' AND EXISTS (SELECT FROM written w WHERE w.account_id = s.account AND w.data_source_id = s.source
        AND (w.from_version <> draft OR w.to_version IS NOT NULL))
      OR TG_OP = 'UPDATE' AND EXISTS (SELECT FROM written w WHERE w.account_id = s.account AND w.data_source_id = s.source
        AND w.to_version <> draft)
    THEN
      PERFORM georegistry.refuse('org_unit_path_transition', 'a path begins and ends at the draft only', s.source::text);
    END IF;

    IF draft > 1 THEN
      SELECT (array_agg(x.unit_id))[1] INTO bad
      FROM (
        SELECT w.unit_id FROM written w
        JOIN georegistry.org_unit_path o ON o.account_id = s.account AND o.unit_id = w.unit_id AND o.to_version IS NULL
        WHERE w.account_id = s.account AND w.data_source_id = s.source AND w.to_version IS NULL
        GROUP BY w.unit_id HAVING count(*) > 1
      ) x;
      IF bad IS NOT NULL THEN
        PERFORM georegistry.refuse('org_unit_path_one_open', 'a unit has one open path', bad::text);
      END IF;
    END IF;

    -- Its own label at the end. Two labels never meet in one path twice, since a path is longer than its parent's:
    -- that is what rules out cycles.
    SELECT (array_agg(w.unit_id))[1] INTO bad
    FROM written w
    LEFT JOIN georegistry.org_unit u ON u.account_id = s.account AND u.id = w.unit_id AND u.data_source_id = s.source
    WHERE w.account_id = s.account AND w.data_source_id = s.source AND w.to_version IS NULL
      AND substr(w.path, octet_length(w.path) - 3) IS DISTINCT FROM int4send(u.number);
    IF bad IS NOT NULL THEN
      PERFORM georegistry.refuse('org_unit_path_label', 'a path ends with the number of its unit', bad::text);
    END IF;

    -- Right below its parent.
    SELECT (array_agg(w.unit_id))[1] INTO bad
    FROM written w
    LEFT JOIN georegistry.org_unit_state o ON o.account_id = s.account AND o.unit_id = w.unit_id
      AND o.to_version IS NULL
    LEFT JOIN georegistry.org_unit_path q ON q.account_id = s.account AND q.unit_id = o.parent_id
      AND q.to_version IS NULL AND q.data_source_id = s.source
    WHERE w.account_id = s.account AND w.data_source_id = s.source AND w.to_version IS NULL
      AND substr(w.path, 1, octet_length(w.path) - 4) IS DISTINCT FROM
        CASE WHEN o.unit_id IS NOT NULL AND o.parent_id IS NULL THEN '\x'::bytea ELSE q.path END;
    IF bad IS NOT NULL THEN
      PERFORM georegistry.refuse('org_unit_path_in_tree', 'a path is the path of the parent and the own number', bad::text);
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

CREATE FUNCTION georegistry.guard_left_paths() RETURNS trigger
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan SET enable_nestloop = on AS $$
DECLARE
  s record;
  draft integer;
  bad uuid;
  orphaned boolean;
BEGIN
  PERFORM georegistry.choose_way((SELECT count(*) FROM past));
  FOR s IN SELECT DISTINCT l.account_id AS account, l.data_source_id AS source FROM past l LOOP
    draft := georegistry.lock_draft(s.account, s.source);
    IF EXISTS (SELECT FROM past l WHERE l.account_id = s.account AND l.data_source_id = s.source
        AND (l.to_version <> draft OR (TG_OP = 'DELETE' AND l.from_version <> draft)))
    THEN
      PERFORM georegistry.refuse('released_content_stays', 'what a released version holds never changes', s.source::text);
    END IF;

    -- What stands below a path that went must have moved along.
    SELECT (array_agg(l.unit_id))[1], bool_or(q.path IS NULL) INTO bad, orphaned
    FROM past l
    LEFT JOIN georegistry.org_unit_path q ON q.account_id = s.account AND q.unit_id = l.unit_id
      AND q.to_version IS NULL
    JOIN georegistry.org_unit_state c ON c.account_id = s.account AND c.data_source_id = s.source
      AND c.parent_id = l.unit_id AND c.to_version IS NULL
    LEFT JOIN georegistry.org_unit_path p ON p.account_id = s.account AND p.unit_id = c.unit_id
      AND p.to_version IS NULL
    WHERE l.account_id = s.account AND l.data_source_id = s.source
      AND (q.path IS NULL OR substr(p.path, 1, octet_length(p.path) - 4) IS DISTINCT FROM q.path);
    IF orphaned THEN
      PERFORM georegistry.refuse('org_unit_state_no_orphans', 'a unit that has children is not removed without them', bad::text);
    ELSIF bad IS NOT NULL THEN
      PERFORM georegistry.refuse('org_unit_path_below', 'what stands below a unit moves along with it', bad::text);
    END IF;

    SELECT (array_agg(l.unit_id))[1] INTO bad
    FROM past l
    JOIN georegistry.org_unit_state o ON o.account_id = s.account AND o.unit_id = l.unit_id AND o.to_version IS NULL
    WHERE l.account_id = s.account AND l.data_source_id = s.source
      AND NOT EXISTS (SELECT FROM georegistry.org_unit_path q
        WHERE q.account_id = s.account AND q.unit_id = l.unit_id AND q.to_version IS NULL);
    IF bad IS NOT NULL THEN
      PERFORM georegistry.refuse('org_unit_path_present', 'a unit that is there stands in the tree', bad::text);
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

CREATE TRIGGER org_unit_path_inserted AFTER INSERT ON georegistry.org_unit_path
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION georegistry.guard_written_paths();
CREATE TRIGGER org_unit_path_updated_new AFTER UPDATE ON georegistry.org_unit_path
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION georegistry.guard_written_paths();
CREATE TRIGGER org_unit_path_updated_old AFTER UPDATE ON georegistry.org_unit_path
  REFERENCING OLD TABLE AS past FOR EACH STATEMENT EXECUTE FUNCTION georegistry.guard_left_paths();
CREATE TRIGGER org_unit_path_deleted AFTER DELETE ON georegistry.org_unit_path
  REFERENCING OLD TABLE AS past FOR EACH STATEMENT EXECUTE FUNCTION georegistry.guard_left_paths();

-- What the planner knows of the tables, brought up to date after bulk work. The role that writes them does not own
-- them, and only an owner may.
CREATE FUNCTION georegistry.refresh_statistics() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  ANALYZE georegistry.org_unit;
  ANALYZE georegistry.org_unit_state;
  ANALYZE georegistry.org_unit_path;
END $$;

-- ---------------------------------------------------------------------------------------------------------------
-- Contract views: what other subgraphs may read in bulk
-- ---------------------------------------------------------------------------------------------------------------

-- The version of each source that is read when none is named: the chosen one, else the newest released, else the
-- draft (`released` is false then: only for viewers who may edit).
CREATE VIEW georegistry.current_version AS
SELECT v.account_id, v.data_source_id, v.id AS version_id, v.number, v.status = 'RELEASED' AS released, d.public
FROM georegistry.data_source d
JOIN georegistry.source_version v ON v.account_id = d.account_id AND v.data_source_id = d.id
  AND v.number = coalesce(d.chosen_version_number, d.released_version_number, d.draft_version_number);

-- Every unit as the current version of its source has it.
CREATE VIEW georegistry.current_org_unit AS
SELECT s.account_id, s.data_source_id, s.unit_id, v.version_id, v.number AS version_number, v.released, v.public,
  u.reference, s.name, s.name_key, s.search_key, s.code, s.aliases, s.type_id, s.parent_id, s.group_ids, s.status,
  s.longitude, s.latitude, s.altitude, s.shape_hash, s.opening_date, s.closed_date, s.attributes, p.path
FROM georegistry.current_version v
JOIN georegistry.org_unit_state s ON s.account_id = v.account_id AND s.data_source_id = v.data_source_id
  AND s.from_version <= v.number AND (s.to_version IS NULL OR s.to_version > v.number)
JOIN georegistry.org_unit u ON u.account_id = s.account_id AND u.id = s.unit_id
JOIN georegistry.org_unit_path p ON p.account_id = s.account_id AND p.unit_id = s.unit_id
  AND p.from_version <= v.number AND (p.to_version IS NULL OR p.to_version > v.number);
