-- Where units and versions were copied from, or last merged with: what a later three-way merge takes as its ancestor.

CREATE TABLE georegistry.unit_origin (
  account_id     uuid NOT NULL,
  unit_id        uuid NOT NULL,
  origin_unit_id uuid NOT NULL,
  PRIMARY KEY (account_id, unit_id),
  CONSTRAINT unit_origin_unit FOREIGN KEY (account_id, unit_id) REFERENCES georegistry.org_unit (account_id, id),
  CONSTRAINT unit_origin_origin FOREIGN KEY (account_id, origin_unit_id)
    REFERENCES georegistry.org_unit (account_id, id),
  CONSTRAINT unit_origin_other CHECK (unit_id <> origin_unit_id)
);
CREATE INDEX unit_origin_origin_idx ON georegistry.unit_origin (account_id, origin_unit_id);
COMMENT ON TABLE georegistry.unit_origin IS 'Of which unit of another source a unit is a copy.';

CREATE TABLE georegistry.version_origin (
  account_id       uuid NOT NULL,
  id               uuid NOT NULL,
  -- The version that took over content, and the one that it was taken from, which is released and never changes.
  version_id       uuid NOT NULL,
  from_version_id  uuid NOT NULL,
  kind             text NOT NULL,
  at               timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, id),
  CONSTRAINT version_origin_version FOREIGN KEY (account_id, version_id)
    REFERENCES georegistry.source_version (account_id, id) ON DELETE CASCADE,
  CONSTRAINT version_origin_from FOREIGN KEY (account_id, from_version_id)
    REFERENCES georegistry.source_version (account_id, id) ON DELETE CASCADE,
  CONSTRAINT version_origin_kind CHECK (kind IN ('COPY', 'MERGE'))
);
CREATE INDEX version_origin_version_idx ON georegistry.version_origin (account_id, version_id);
CREATE INDEX version_origin_from_idx ON georegistry.version_origin (account_id, from_version_id);
COMMENT ON TABLE georegistry.version_origin IS 'Which version of another source a version was copied from or merged with.';

DO $$
BEGIN
  IF (SELECT r.rolsuper OR r.rolcreaterole FROM pg_roles r WHERE r.rolname = current_user) THEN
    PERFORM platform.grant_subgraph_roles();
  END IF;
END $$;
