-- What a merge left out, unit by unit and field by field: for that the next three-way merge takes the ancestor there was
-- before, and for everything else the version that was merged. And which plan a change request came from.

CREATE TABLE georegistry.merge_left_out (
  account_id        uuid NOT NULL,
  -- The merge, or the copy of a subtree, that left it out.
  origin_id         uuid NOT NULL,
  position          integer NOT NULL,
  -- The unit of the source that was merged, and the one of the source that it was merged into, where there was one.
  from_unit_id      uuid,
  into_unit_id      uuid,
  -- Whether the unit itself was not made, or not removed.
  is_whole          boolean NOT NULL,
  fields            text[] NOT NULL,
  -- The ancestor for it; null where there was none.
  base_version_id   uuid,
  -- The change request that proposes it, and what was approved of that later: in which draft, and which fields.
  change_request_id uuid,
  merged_version_id uuid,
  merged_fields     text[],
  PRIMARY KEY (account_id, origin_id, position),
  CONSTRAINT merge_left_out_origin FOREIGN KEY (account_id, origin_id)
    REFERENCES georegistry.version_origin (account_id, id) ON DELETE CASCADE,
  CONSTRAINT merge_left_out_base FOREIGN KEY (account_id, base_version_id)
    REFERENCES georegistry.source_version (account_id, id) ON DELETE CASCADE,
  CONSTRAINT merge_left_out_change_request FOREIGN KEY (account_id, change_request_id)
    REFERENCES georegistry.change_request (account_id, id),
  -- A draft that is discarded takes back what was approved into it.
  CONSTRAINT merge_left_out_merged FOREIGN KEY (account_id, merged_version_id)
    REFERENCES georegistry.source_version (account_id, id) ON DELETE SET NULL (merged_version_id)
);
CREATE INDEX merge_left_out_base_idx ON georegistry.merge_left_out (account_id, base_version_id);
CREATE INDEX merge_left_out_change_request_idx ON georegistry.merge_left_out (account_id, change_request_id);
CREATE INDEX merge_left_out_merged_idx ON georegistry.merge_left_out (account_id, merged_version_id);
COMMENT ON TABLE georegistry.merge_left_out IS 'What a merge did not take over, so that the next one offers it again.';

-- The merge that the plan goes on from, whose rows above tell the ancestor of what was left out then.
ALTER TABLE georegistry.merge_plan ADD COLUMN origin_id uuid,
  ADD CONSTRAINT merge_plan_origin FOREIGN KEY (account_id, origin_id)
    REFERENCES georegistry.version_origin (account_id, id) ON DELETE CASCADE;
-- Of fields whose ancestor is another version than that of the plan: which, or null for none; null where there are none.
ALTER TABLE georegistry.merge_plan_row ADD COLUMN older_bases jsonb;
CREATE INDEX merge_plan_origin_idx ON georegistry.merge_plan (account_id, origin_id);

ALTER TABLE georegistry.change_request ADD COLUMN merge_plan_id uuid,
  -- The job that decided, where it was decided with many others.
  ADD COLUMN decided_job_id uuid,
  -- Folded text of what is proposed, to be searched.
  ADD COLUMN search_key text COLLATE "C" NOT NULL DEFAULT '',
  ADD CONSTRAINT change_request_merge_plan FOREIGN KEY (account_id, merge_plan_id)
    REFERENCES georegistry.merge_plan (account_id, id) ON DELETE SET NULL (merge_plan_id);
CREATE INDEX change_request_merge_plan_idx ON georegistry.change_request (account_id, merge_plan_id, id);
CREATE INDEX change_request_decided_job_idx ON georegistry.change_request (account_id, decided_job_id)
  WHERE decided_job_id IS NOT NULL;

DO $$
BEGIN
  IF (SELECT r.rolsuper OR r.rolcreaterole FROM pg_roles r WHERE r.rolname = current_user) THEN
    PERFORM platform.grant_subgraph_roles();
  END IF;
END $$;
