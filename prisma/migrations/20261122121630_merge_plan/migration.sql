-- Merge plans: what of one version shall come into another source, unit by unit and field by field, until it is applied
-- or proposed.

CREATE TABLE georegistry.merge_plan (
  account_id        uuid NOT NULL REFERENCES identity.account (id),
  id                uuid NOT NULL,
  from_version_id   uuid NOT NULL,
  -- The draft of the target, or its newest release where none was open.
  target_version_id uuid NOT NULL,
  -- What both began from; null where nothing is known, and then the merge is two-way.
  base_version_id   uuid,
  -- Whether the version was still a draft when the plan was made.
  from_draft        boolean NOT NULL,
  target_draft      boolean NOT NULL,
  options           jsonb NOT NULL,
  status            text NOT NULL DEFAULT 'PLANNING',
  job_id            uuid,
  created_at        timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, id),
  CONSTRAINT merge_plan_from FOREIGN KEY (account_id, from_version_id)
    REFERENCES georegistry.source_version (account_id, id) ON DELETE CASCADE,
  CONSTRAINT merge_plan_target FOREIGN KEY (account_id, target_version_id)
    REFERENCES georegistry.source_version (account_id, id) ON DELETE CASCADE,
  CONSTRAINT merge_plan_base FOREIGN KEY (account_id, base_version_id)
    REFERENCES georegistry.source_version (account_id, id) ON DELETE CASCADE,
  CONSTRAINT merge_plan_status CHECK (status IN ('PLANNING', 'READY', 'APPLIED', 'PROPOSED'))
);
CREATE INDEX merge_plan_from_idx ON georegistry.merge_plan (account_id, from_version_id);
CREATE INDEX merge_plan_target_idx ON georegistry.merge_plan (account_id, target_version_id);
CREATE INDEX merge_plan_base_idx ON georegistry.merge_plan (account_id, base_version_id);

CREATE TABLE georegistry.merge_plan_row (
  account_id      uuid NOT NULL,
  plan_id         uuid NOT NULL,
  position        integer NOT NULL,
  action          text NOT NULL,
  source_unit_id  uuid,
  target_unit_id  uuid,
  source_revision integer,
  target_revision integer,
  -- Fields that the source has otherwise, those that both sides changed, and those that are taken from the source.
  fields          text[] NOT NULL,
  conflicts       text[] NOT NULL,
  taken           text[] NOT NULL,
  -- One side removed the unit and the other changed it.
  removal_conflict boolean NOT NULL,
  -- Somebody decided on the conflicts.
  decided         boolean NOT NULL DEFAULT false,
  -- The action takes place at all.
  chosen          boolean NOT NULL,
  parent_unit_id  uuid,
  parent_position integer,
  -- What stands above in the source has no counterpart: somebody says where the unit belongs.
  parent_open     boolean NOT NULL DEFAULT false,
  PRIMARY KEY (account_id, plan_id, position),
  CONSTRAINT merge_plan_row_plan FOREIGN KEY (account_id, plan_id)
    REFERENCES georegistry.merge_plan (account_id, id) ON DELETE CASCADE,
  CONSTRAINT merge_plan_row_action CHECK (action IN ('CREATE', 'UPDATE', 'REMOVE'))
);

DO $$
BEGIN
  IF (SELECT r.rolsuper OR r.rolcreaterole FROM pg_roles r WHERE r.rolname = current_user) THEN
    PERFORM platform.grant_subgraph_roles();
  END IF;
END $$;
