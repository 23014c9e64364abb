-- What is wrong in a version by the account's own rules: a report per run, kept with the version.

-- How an account weighs a rule; without a row the rule has its usual weight.
CREATE TABLE georegistry.quality_rule (
  account_id uuid NOT NULL REFERENCES identity.account (id),
  rule text NOT NULL,
  severity text NOT NULL CONSTRAINT quality_rule_severity CHECK (severity IN ('ERROR', 'WARNING', 'INFO', 'OFF')),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, rule)
);

CREATE TABLE georegistry.quality_report (
  account_id uuid NOT NULL,
  id uuid NOT NULL,
  version_id uuid NOT NULL,
  job_id uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- When its run began to read, and ended; both null until it ends.
  read_at timestamptz,
  finished_at timestamptz,
  units integer,
  -- Units without an error, in whole per cent, rounded down.
  score integer CONSTRAINT quality_report_score CHECK (score BETWEEN 0 AND 100),
  PRIMARY KEY (account_id, id),
  CONSTRAINT quality_report_of_version FOREIGN KEY (account_id, version_id)
    REFERENCES georegistry.source_version (account_id, id) ON DELETE CASCADE,
  CONSTRAINT quality_report_finished CHECK ((finished_at IS NULL) = (score IS NULL)
    AND (finished_at IS NULL) = (units IS NULL) AND (finished_at IS NULL) = (read_at IS NULL))
);
CREATE INDEX quality_report_version ON georegistry.quality_report (account_id, version_id, id);

CREATE TABLE georegistry.quality_issue (
  account_id uuid NOT NULL,
  report_id uuid NOT NULL,
  rule text NOT NULL,
  -- Counts the issues of a rule in a report from 1.
  position integer NOT NULL,
  severity text NOT NULL,
  unit_id uuid NOT NULL,
  detail text NOT NULL,
  PRIMARY KEY (account_id, report_id, rule, position),
  CONSTRAINT quality_issue_report FOREIGN KEY (account_id, report_id)
    REFERENCES georegistry.quality_report (account_id, id) ON DELETE CASCADE
);

-- The score that a release asks of the newest report of its draft; null: none.
ALTER TABLE georegistry.registry_settings
  ADD COLUMN required_score integer CONSTRAINT registry_settings_score CHECK (required_score BETWEEN 0 AND 100);

DO $$
BEGIN
  IF (SELECT r.rolsuper OR r.rolcreaterole FROM pg_roles r WHERE r.rolname = current_user) THEN
    PERFORM platform.grant_subgraph_roles();
  END IF;
END $$;
