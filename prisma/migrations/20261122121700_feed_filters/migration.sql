-- The feed is read in the order of positions, whatever is asked of it: each filter that a reader may give has its index
-- in that order. They hold sealed events only, so a writer does not pay for them.

CREATE INDEX change_event_type_idx ON platform.change_event (account_id, subject_type, position)
  WHERE position IS NOT NULL;
CREATE INDEX change_event_action_idx ON platform.change_event (account_id, action, position)
  WHERE position IS NOT NULL;
CREATE INDEX change_event_user_idx ON platform.change_event (account_id, user_id, position)
  WHERE position IS NOT NULL AND user_id IS NOT NULL;
CREATE INDEX change_event_project_idx ON platform.change_event (account_id, project_id, position)
  WHERE position IS NOT NULL AND project_id IS NOT NULL;
CREATE INDEX change_event_at_idx ON platform.change_event (account_id, at, position)
  WHERE position IS NOT NULL;

-- Which units stand below which, or did in some version: what happens to a unit that was removed still belongs to the
-- district it was in.
CREATE VIEW georegistry.org_unit_below AS
SELECT a.account_id, a.unit_id AS ancestor_id, p.unit_id
FROM georegistry.org_unit_path a
JOIN georegistry.org_unit_path p ON p.account_id = a.account_id AND p.data_source_id = a.data_source_id
  AND p.path >= a.path AND p.path < a.path || '\xffffffff'::bytea;
COMMENT ON VIEW georegistry.org_unit_below IS
  'Contract: each unit with every unit that stands or stood at or below it, in any version of its source. May name a pair more than once.';

DO $$
BEGIN
  IF (SELECT r.rolsuper OR r.rolcreaterole FROM pg_roles r WHERE r.rolname = current_user) THEN
    PERFORM platform.grant_subgraph_roles();
  END IF;
END $$;
