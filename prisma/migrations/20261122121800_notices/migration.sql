-- A person's standing wish to be told of changes by e-mail.

CREATE TABLE identity.notice_rule (
  account_id   uuid NOT NULL,
  id           uuid NOT NULL,
  user_id      uuid NOT NULL,
  name         text NOT NULL,
  frequency    text NOT NULL,
  hour         integer,
  subject_type text,
  actions      text[],
  subtree      uuid,
  project_id   uuid,
  position     bigint NOT NULL,
  next_at      timestamptz NOT NULL DEFAULT now(),
  last_sent_at timestamptz,
  stopped_at   timestamptz,
  revision     integer NOT NULL DEFAULT 1,
  created_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, id),
  CONSTRAINT notice_rule_membership_fkey FOREIGN KEY (account_id, user_id)
    REFERENCES identity.membership (account_id, user_id),
  CONSTRAINT notice_rule_project_fkey FOREIGN KEY (account_id, project_id)
    REFERENCES identity.project (account_id, id),
  CONSTRAINT notice_rule_frequency CHECK (frequency IN ('IMMEDIATE', 'HOURLY', 'DAILY')),
  CONSTRAINT notice_rule_hour CHECK ((frequency = 'DAILY') = (hour IS NOT NULL) AND hour BETWEEN 0 AND 23)
);
CREATE INDEX notice_rule_user_idx ON identity.notice_rule (account_id, user_id, id);
CREATE INDEX notice_rule_project_idx ON identity.notice_rule (account_id, project_id);
CREATE INDEX notice_rule_due_idx ON identity.notice_rule (next_at) WHERE stopped_at IS NULL;
COMMENT ON TABLE identity.notice_rule IS 'What a person wants to be told of by e-mail, and how soon.';
COMMENT ON COLUMN identity.notice_rule.hour IS 'Of the day in the time zone of the account, for daily notices.';
COMMENT ON COLUMN identity.notice_rule.subtree IS 'Only of this org unit and those below it. It exists when the rule is made.';
COMMENT ON COLUMN identity.notice_rule.position IS 'Events of the log up to here were looked at.';
COMMENT ON COLUMN identity.notice_rule.next_at IS 'No mail before then.';
COMMENT ON COLUMN identity.notice_rule.stopped_at IS 'NULL while mails are sent.';

DO $$
BEGIN
  IF (SELECT r.rolsuper OR r.rolcreaterole FROM pg_roles r WHERE r.rolname = current_user) THEN
    PERFORM platform.grant_subgraph_roles();
  END IF;
END $$;
