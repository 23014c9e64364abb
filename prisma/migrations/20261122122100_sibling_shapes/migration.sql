-- Quality: shapes of siblings that overlap or leave gaps, and reports that know when they are out of date.

-- How often the content of a version was written to. A report keeps the count that it read: whatever is edited or
-- removed afterwards, or was being edited meanwhile, changes it; times of writers that commit late would not tell.
ALTER TABLE georegistry.source_version ADD COLUMN edits bigint NOT NULL DEFAULT 0;

CREATE FUNCTION georegistry.count_edit() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE georegistry.source_version v SET edits = v.edits + 1
  FROM (SELECT DISTINCT w.account_id, w.data_source_id FROM written w) s
  WHERE v.account_id = s.account_id AND v.data_source_id = s.data_source_id AND v.status = 'DRAFT';
  RETURN NULL;
END $$;
-- The checks of the state hold the draft's row by then: triggers fire in the order of their names.
CREATE TRIGGER org_unit_state_was_inserted AFTER INSERT ON georegistry.org_unit_state
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION georegistry.count_edit();
CREATE TRIGGER org_unit_state_was_updated AFTER UPDATE ON georegistry.org_unit_state
  REFERENCING OLD TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION georegistry.count_edit();
CREATE TRIGGER org_unit_state_was_deleted AFTER DELETE ON georegistry.org_unit_state
  REFERENCING OLD TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION georegistry.count_edit();

-- Null: the report was made before edits were counted.
ALTER TABLE georegistry.quality_report ADD COLUMN edits_read bigint;

ALTER TABLE georegistry.quality_issue
  -- The other unit of a pair.
  ADD COLUMN other_unit_id uuid,
  ADD COLUMN area_m2 double precision,
  -- Where to look, in degrees.
  ADD COLUMN longitude double precision,
  ADD COLUMN latitude double precision,
  -- The revisions of both units that were looked at; null in reports made before they were kept.
  ADD COLUMN unit_revision integer,
  ADD COLUMN other_revision integer,
  ADD CONSTRAINT quality_issue_place CHECK ((longitude IS NULL) = (latitude IS NULL));

CREATE OR REPLACE VIEW georegistry.public_source_version AS
SELECT v.account_id, v.id, v.data_source_id, v.number, v.status, v.name, v.description, v.created_at, v.released_at,
  NULL::uuid AS held_by_job_id, v.edits
FROM georegistry.source_version v
WHERE v.status = 'RELEASED' AND EXISTS (
  SELECT FROM georegistry.public_data_source d WHERE d.account_id = v.account_id AND d.id = v.data_source_id);
