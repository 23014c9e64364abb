-- The main source of an account, and of a project where it differs: the tree that phones, forms and datasets use.

CREATE TABLE georegistry.main_source (
  account_id uuid PRIMARY KEY REFERENCES identity.account (id),
  data_source_id uuid NOT NULL,
  CONSTRAINT main_source_source_fkey FOREIGN KEY (account_id, data_source_id)
    REFERENCES georegistry.data_source (account_id, id)
);
CREATE INDEX main_source_source_idx ON georegistry.main_source (account_id, data_source_id);

-- A project is identity's, so it is kept by its id alone.
CREATE TABLE georegistry.project_main_source (
  account_id uuid NOT NULL,
  project_id uuid NOT NULL,
  data_source_id uuid NOT NULL,
  PRIMARY KEY (account_id, project_id),
  CONSTRAINT project_main_source_source_fkey FOREIGN KEY (account_id, data_source_id)
    REFERENCES georegistry.data_source (account_id, id)
);
CREATE INDEX project_main_source_source_idx ON georegistry.project_main_source (account_id, data_source_id);

CREATE VIEW identity.known_project AS
SELECT p.account_id, p.id AS project_id, p.name FROM identity.project p WHERE p.deleted_at IS NULL;
COMMENT ON VIEW identity.known_project IS 'Contract: the projects of an account that are not deleted. Columns are only ever added.';

DO $$
BEGIN
  IF (SELECT r.rolsuper OR r.rolcreaterole FROM pg_roles r WHERE r.rolname = current_user) THEN
    PERFORM platform.grant_subgraph_roles();
  END IF;
END $$;
