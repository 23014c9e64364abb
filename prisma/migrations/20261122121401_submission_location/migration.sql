-- Where a submission was made: its first answered geopoint outside repeats, as the phone measured it.

ALTER TABLE submissions.submission
  ADD COLUMN longitude double precision,
  ADD COLUMN latitude double precision,
  ADD COLUMN altitude double precision,
  -- Radius in metres.
  ADD COLUMN accuracy double precision,
  ADD CONSTRAINT submission_location CHECK (
    (longitude IS NULL) = (latitude IS NULL)
    AND (longitude IS NOT NULL OR (altitude IS NULL AND accuracy IS NULL))
    AND longitude BETWEEN -180 AND 180
    AND latitude BETWEEN -90 AND 90
  );

-- Submissions that came before: a geopoint is "latitude longitude altitude accuracy", the last two may be absent.
WITH answered AS (
  SELECT DISTINCT ON (s.account_id, s.id) s.account_id, s.id,
    string_to_array(btrim(s.answers #>> (string_to_array(q.path, '/'))[3:]), ' ') AS parts
  FROM submissions.submission s
  JOIN submissions.question q ON q.account_id = s.account_id AND q.form_version_id = s.form_version_id
  WHERE q.type = 'geopoint' AND q.repeat_path IS NULL
    AND btrim(s.answers #>> (string_to_array(q.path, '/'))[3:]) ~ '^-?\d{1,2}(\.\d+)? -?\d{1,3}(\.\d+)?( .*)?$'
  ORDER BY s.account_id, s.id, q.position
)
UPDATE submissions.submission s SET latitude = a.parts[1]::float8, longitude = a.parts[2]::float8
FROM answered a
WHERE s.account_id = a.account_id AND s.id = a.id
  AND a.parts[1]::float8 BETWEEN -90 AND 90 AND a.parts[2]::float8 BETWEEN -180 AND 180;

CREATE OR REPLACE VIEW submissions.unit_submission AS
SELECT s.account_id, s.id AS submission_id, s.org_unit_id, s.form_id, s.received_at, s.longitude, s.latitude,
  s.altitude, s.accuracy
FROM submissions.submission s
WHERE s.org_unit_id IS NOT NULL;
COMMENT ON VIEW submissions.unit_submission IS
  'Contract: submissions made at an org unit, and where the phone was. One index answers which units have any, of which form, since when.';

DO $$
BEGIN
  IF (SELECT r.rolsuper OR r.rolcreaterole FROM pg_roles r WHERE r.rolname = current_user) THEN
    PERFORM platform.grant_subgraph_roles();
  END IF;
END $$;
