-- Comparisons of two versions of any two sources, kept so that their rows page quickly however large the trees are.

CREATE TABLE georegistry.comparison (
  account_id        uuid NOT NULL REFERENCES identity.account (id),
  id                uuid NOT NULL,
  before_version_id uuid NOT NULL,
  after_version_id  uuid NOT NULL,
  options           jsonb NOT NULL,
  job_id            uuid,
  finished_at       timestamptz,
  new_units         integer,
  removed_units     integer,
  changed_units     integer,
  same_units        integer,
  created_at        timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, id),
  CONSTRAINT comparison_before FOREIGN KEY (account_id, before_version_id)
    REFERENCES georegistry.source_version (account_id, id) ON DELETE CASCADE,
  CONSTRAINT comparison_after FOREIGN KEY (account_id, after_version_id)
    REFERENCES georegistry.source_version (account_id, id) ON DELETE CASCADE,
  CONSTRAINT comparison_finished CHECK ((finished_at IS NULL) = (same_units IS NULL)
    AND (finished_at IS NULL) = (new_units IS NULL) AND (finished_at IS NULL) = (removed_units IS NULL)
    AND (finished_at IS NULL) = (changed_units IS NULL))
);
CREATE INDEX comparison_before_idx ON georegistry.comparison (account_id, before_version_id);
CREATE INDEX comparison_after_idx ON georegistry.comparison (account_id, after_version_id);
COMMENT ON TABLE georegistry.comparison IS 'What was compared with what, and how many units are new, removed, changed and the same.';
COMMENT ON COLUMN georegistry.comparison.options IS 'How units are matched, what is compared and what is ignored.';

-- No trigger and no check beyond the keys: a million rows are written in one statement.
CREATE TABLE georegistry.comparison_row (
  account_id    uuid NOT NULL,
  comparison_id uuid NOT NULL,
  -- 1, 2, 3, … within the comparison.
  position      integer NOT NULL,
  status        text NOT NULL,
  before_id     uuid,
  after_id      uuid,
  -- In which fields they differ, where both are there.
  fields        text[] NOT NULL,
  PRIMARY KEY (account_id, comparison_id, position),
  CONSTRAINT comparison_row_comparison FOREIGN KEY (account_id, comparison_id)
    REFERENCES georegistry.comparison (account_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE georegistry.comparison_row IS 'One unit of a comparison; units that are the same only where the comparison keeps them.';

DO $$
BEGIN
  IF (SELECT r.rolsuper OR r.rolcreaterole FROM pg_roles r WHERE r.rolname = current_user) THEN
    PERFORM platform.grant_subgraph_roles();
  END IF;
END $$;
