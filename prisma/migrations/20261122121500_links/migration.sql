-- Links: two units of different sources that are the same place; and match runs, which find or bring them.
--
-- A link has no direction. Its ends stand in the order of their sources' ids, so that all links between two sources
-- lie the same way and a pair of units has at most one.

-- One search for links between two versions, or one file of them that somebody uploaded.
CREATE TABLE georegistry.match_run (
  account_id uuid NOT NULL REFERENCES identity.account (id),
  id uuid NOT NULL,
  method text NOT NULL CONSTRAINT match_run_method CHECK (method IN ('SIMILARITY', 'REFERENCE', 'CODE', 'UPLOAD')),
  left_source_id uuid NOT NULL,
  right_source_id uuid NOT NULL,
  -- The versions that were read; null for an upload, and once a draft that was read is discarded.
  left_version_id uuid,
  right_version_id uuid,
  -- Thresholds, and which units of either side take part.
  settings jsonb NOT NULL CONSTRAINT match_run_settings_object CHECK (jsonb_typeof(settings) = 'object'),
  -- The uploaded file; files belong to another schema.
  file_id uuid,
  -- The job that does it; null between the row and its job, within one transaction.
  job_id uuid,
  created_by uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  -- What came of it, counted; null until it is done.
  report jsonb CONSTRAINT match_run_report_object CHECK (jsonb_typeof(report) = 'object'),
  PRIMARY KEY (account_id, id),
  CONSTRAINT match_run_two_sources CHECK (left_source_id <> right_source_id),
  CONSTRAINT match_run_finished CHECK ((finished_at IS NULL) = (report IS NULL)),
  CONSTRAINT match_run_left_source FOREIGN KEY (account_id, left_source_id)
    REFERENCES georegistry.data_source (account_id, id),
  CONSTRAINT match_run_right_source FOREIGN KEY (account_id, right_source_id)
    REFERENCES georegistry.data_source (account_id, id),
  CONSTRAINT match_run_left_version FOREIGN KEY (account_id, left_version_id)
    REFERENCES georegistry.source_version (account_id, id) ON DELETE SET NULL (left_version_id),
  CONSTRAINT match_run_right_version FOREIGN KEY (account_id, right_version_id)
    REFERENCES georegistry.source_version (account_id, id) ON DELETE SET NULL (right_version_id),
  CONSTRAINT match_run_created_by FOREIGN KEY (account_id, created_by)
    REFERENCES identity.membership (account_id, user_id)
);
CREATE INDEX match_run_left_source ON georegistry.match_run (account_id, left_source_id, id);
CREATE INDEX match_run_right_source ON georegistry.match_run (account_id, right_source_id, id);
CREATE INDEX match_run_left_version ON georegistry.match_run (account_id, left_version_id);
CREATE INDEX match_run_right_version ON georegistry.match_run (account_id, right_version_id);
CREATE INDEX match_run_created_by ON georegistry.match_run (account_id, created_by);

CREATE TABLE georegistry.link (
  account_id uuid NOT NULL,
  id uuid NOT NULL,
  first_source_id uuid NOT NULL,
  second_source_id uuid NOT NULL,
  first_unit_id uuid NOT NULL,
  second_unit_id uuid NOT NULL,
  status text NOT NULL CONSTRAINT link_status CHECK (status IN ('PROPOSED', 'ACCEPTED', 'REJECTED')),
  score double precision NOT NULL CONSTRAINT link_score CHECK (score BETWEEN 0 AND 1),
  -- What spoke for and against, [{"feature", "value", "contribution"}]; null where nothing was compared.
  features jsonb CONSTRAINT link_features_list CHECK (jsonb_typeof(features) = 'array'),
  -- How it came here first.
  origin text NOT NULL CONSTRAINT link_origin
    CHECK (origin IN ('SIMILARITY', 'REFERENCE', 'CODE', 'UPLOAD', 'MANUAL')),
  -- The last run that found or brought it.
  match_run_id uuid,
  -- The person who decided. An ACCEPTED link without one was accepted by its run's threshold.
  decided_by uuid,
  decided_at timestamptz,
  reason text CONSTRAINT link_reason_length CHECK (length(reason) <= 1000),
  revision integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, id),
  CONSTRAINT link_two_sources CHECK (first_source_id < second_source_id),
  CONSTRAINT link_pair UNIQUE (account_id, first_unit_id, second_unit_id),
  CONSTRAINT link_decision CHECK (
    (status = 'PROPOSED') = (decided_at IS NULL)
    AND (status <> 'PROPOSED' OR decided_by IS NULL)
  ),
  CONSTRAINT link_first_unit FOREIGN KEY (account_id, first_unit_id) REFERENCES georegistry.org_unit (account_id, id),
  CONSTRAINT link_second_unit FOREIGN KEY (account_id, second_unit_id)
    REFERENCES georegistry.org_unit (account_id, id),
  CONSTRAINT link_first_source FOREIGN KEY (account_id, first_source_id)
    REFERENCES georegistry.data_source (account_id, id),
  CONSTRAINT link_second_source FOREIGN KEY (account_id, second_source_id)
    REFERENCES georegistry.data_source (account_id, id),
  CONSTRAINT link_match_run FOREIGN KEY (account_id, match_run_id) REFERENCES georegistry.match_run (account_id, id),
  CONSTRAINT link_decided_by FOREIGN KEY (account_id, decided_by)
    REFERENCES identity.membership (account_id, user_id)
);
-- One place of a source is at most one place of another: what is accepted is one to one.
CREATE UNIQUE INDEX link_accepted_first ON georegistry.link (account_id, first_unit_id, second_source_id)
  WHERE status = 'ACCEPTED';
CREATE UNIQUE INDEX link_accepted_second ON georegistry.link (account_id, second_unit_id, first_source_id)
  WHERE status = 'ACCEPTED';
CREATE INDEX link_second_unit ON georegistry.link (account_id, second_unit_id);
CREATE INDEX link_first_source ON georegistry.link (account_id, first_source_id, second_source_id, score, id);
CREATE INDEX link_second_source ON georegistry.link (account_id, second_source_id);
CREATE INDEX link_match_run ON georegistry.link (account_id, match_run_id, score, id);
CREATE INDEX link_decided_by ON georegistry.link (account_id, decided_by) WHERE decided_by IS NOT NULL;
CREATE INDEX link_score ON georegistry.link (account_id, score, id);

-- The ends of a link are units of the sources it names. A composite key would need another index on every unit; this
-- looks the written ones up in one statement.
CREATE FUNCTION georegistry.guard_written_links() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  bad uuid;
BEGIN
  SELECT w.id INTO bad FROM written w
  LEFT JOIN georegistry.org_unit f ON f.account_id = w.account_id AND f.id = w.first_unit_id
  LEFT JOIN georegistry.org_unit s ON s.account_id = w.account_id AND s.id = w.second_unit_id
  WHERE f.data_source_id IS DISTINCT FROM w.first_source_id OR s.data_source_id IS DISTINCT FROM w.second_source_id
  LIMIT 1;
  IF bad IS NOT NULL THEN
    PERFORM georegistry.refuse('link_sources', 'the ends of a link are units of the sources it names', bad::text);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER link_inserted AFTER INSERT ON georegistry.link
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION georegistry.guard_written_links();

-- What a link joins and where it came from never changes.
CREATE FUNCTION georegistry.guard_link_content() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM georegistry.refuse('link_content_stays', 'what a link joins never changes', OLD.id::text);
  RETURN NULL;
END $$;
CREATE TRIGGER link_content BEFORE UPDATE ON georegistry.link FOR EACH ROW
  WHEN ((NEW.account_id, NEW.id, NEW.first_source_id, NEW.second_source_id, NEW.first_unit_id, NEW.second_unit_id,
      NEW.origin)
    IS DISTINCT FROM (OLD.account_id, OLD.id, OLD.first_source_id, OLD.second_source_id, OLD.first_unit_id,
      OLD.second_unit_id, OLD.origin))
  EXECUTE FUNCTION georegistry.guard_link_content();

DO $$
BEGIN
  IF (SELECT r.rolsuper OR r.rolcreaterole FROM pg_roles r WHERE r.rolname = current_user) THEN
    PERFORM platform.grant_subgraph_roles();
  END IF;
END $$;
