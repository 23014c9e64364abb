-- Teams: of users, or of teams. A team gives no rights; it says who works together.

CREATE TABLE identity.team (
  account_id  uuid NOT NULL REFERENCES identity.account (id),
  id          uuid NOT NULL,
  name        text NOT NULL,
  name_key    text NOT NULL,
  kind        text NOT NULL,
  description text NOT NULL DEFAULT '',
  parent_id   uuid,
  revision    integer NOT NULL DEFAULT 1,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, id),
  CONSTRAINT team_name_key_key UNIQUE (account_id, name_key),
  CONSTRAINT team_name_length CHECK (length(name) BETWEEN 1 AND 200),
  CONSTRAINT team_kind CHECK (kind IN ('USERS', 'TEAMS')),
  CONSTRAINT team_description_length CHECK (length(description) <= 2000),
  CONSTRAINT team_parent_fkey FOREIGN KEY (account_id, parent_id) REFERENCES identity.team (account_id, id)
);
CREATE INDEX team_parent_idx ON identity.team (account_id, parent_id, name_key, id);
COMMENT ON TABLE identity.team IS 'People who work together, or teams that do.';
COMMENT ON COLUMN identity.team.kind IS 'USERS: people are in it. TEAMS: other teams are. It never changes.';
COMMENT ON COLUMN identity.team.parent_id IS 'The team of teams that it is in.';

CREATE TABLE identity.team_user (
  account_id uuid NOT NULL,
  team_id    uuid NOT NULL,
  user_id    uuid NOT NULL,
  PRIMARY KEY (account_id, team_id, user_id),
  CONSTRAINT team_user_team_fkey FOREIGN KEY (account_id, team_id)
    REFERENCES identity.team (account_id, id) ON DELETE CASCADE,
  CONSTRAINT team_user_membership_fkey FOREIGN KEY (account_id, user_id)
    REFERENCES identity.membership (account_id, user_id)
);
CREATE INDEX team_user_membership_idx ON identity.team_user (account_id, user_id);
COMMENT ON TABLE identity.team_user IS 'Who is in a team of users.';

CREATE FUNCTION identity.refuse_team(rule text, message text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = rule, SCHEMA = 'identity', MESSAGE = message;
END $$;

-- Two opposing moves wait for one another, so that the second sees the first.
CREATE FUNCTION identity.guard_team() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.kind <> OLD.kind THEN
    PERFORM identity.refuse_team('team_kind_stays', 'a team of users does not become one of teams, nor the reverse');
  END IF;
  IF NEW.parent_id IS NULL THEN RETURN NEW; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('identity teams ' || NEW.account_id, 0));
  IF EXISTS (SELECT FROM identity.team t
      WHERE t.account_id = NEW.account_id AND t.id = NEW.parent_id AND t.kind <> 'TEAMS') THEN
    PERFORM identity.refuse_team('team_parent_kind', 'a team of users holds no teams');
  END IF;
  IF NEW.parent_id = NEW.id OR EXISTS (
    WITH RECURSIVE above AS (
      SELECT t.id, t.parent_id FROM identity.team t WHERE t.account_id = NEW.account_id AND t.id = NEW.parent_id
      UNION
      SELECT t.id, t.parent_id FROM above a
      JOIN identity.team t ON t.account_id = NEW.account_id AND t.id = a.parent_id
    )
    SELECT FROM above WHERE above.id = NEW.id
  ) THEN
    PERFORM identity.refuse_team('team_no_cycle', 'a team is not within itself');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER team_guard BEFORE INSERT OR UPDATE OF parent_id, kind ON identity.team
  FOR EACH ROW EXECUTE FUNCTION identity.guard_team();

CREATE FUNCTION identity.guard_team_user() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM identity.team t
      WHERE t.account_id = NEW.account_id AND t.id = NEW.team_id AND t.kind <> 'USERS') THEN
    PERFORM identity.refuse_team('team_user_kind', 'a team of teams holds no users');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER team_user_guard BEFORE INSERT ON identity.team_user
  FOR EACH ROW EXECUTE FUNCTION identity.guard_team_user();

DO $$
BEGIN
  IF (SELECT r.rolsuper OR r.rolcreaterole FROM pg_roles r WHERE r.rolname = current_user) THEN
    PERFORM platform.grant_subgraph_roles();
  END IF;
END $$;
