-- What of the log was put into files. The chain goes on from where an archive ends, so it stays verifiable.

CREATE TABLE platform.change_archive (
  account_id     uuid NOT NULL,
  id             uuid NOT NULL,
  first_position bigint NOT NULL,
  last_position  bigint NOT NULL,
  last_hash      bytea NOT NULL,
  first_at       timestamptz NOT NULL,
  last_at        timestamptz NOT NULL,
  file_id        uuid NOT NULL,
  archived_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, id),
  CONSTRAINT change_archive_range CHECK (first_position > 0 AND last_position >= first_position),
  CONSTRAINT change_archive_hash_length CHECK (octet_length(last_hash) = 32),
  CONSTRAINT change_archive_first UNIQUE (account_id, first_position),
  CONSTRAINT change_archive_last UNIQUE (account_id, last_position)
);
COMMENT ON TABLE platform.change_archive IS 'A part of the log that lies in a file: JSON lines, gzipped, one event each.';
COMMENT ON COLUMN platform.change_archive.last_hash IS 'The hash of its last event; the next event in the log follows it.';

CREATE FUNCTION platform.change_archive_guard() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  ended bigint;
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT coalesce(max(a.last_position), 0) INTO ended FROM platform.change_archive a
    WHERE a.account_id = NEW.account_id;
    IF NEW.first_position = ended + 1 AND EXISTS (
      SELECT FROM platform.change_event e
      WHERE e.account_id = NEW.account_id AND e.position = NEW.last_position AND e.hash = NEW.last_hash)
    THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'an archive begins where the one before ended, ends at an event of the log, and never changes'
    USING ERRCODE = 'P0001', CONSTRAINT = 'change_archive_immutable', SCHEMA = 'platform', TABLE = 'change_archive';
END $$;
CREATE TRIGGER change_archive_immutable BEFORE INSERT OR UPDATE OR DELETE ON platform.change_archive
  FOR EACH ROW EXECUTE FUNCTION platform.change_archive_guard();
CREATE TRIGGER change_archive_no_truncate BEFORE TRUNCATE ON platform.change_archive
  FOR EACH STATEMENT EXECUTE FUNCTION platform.change_archive_guard();

-- As before, and besides: what an archive holds may go.
CREATE OR REPLACE FUNCTION platform.change_event_guard() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  unsealed platform.change_event;
BEGIN
  IF TG_OP = 'DELETE' AND EXISTS (
    SELECT FROM platform.change_archive a
    WHERE a.account_id = OLD.account_id AND a.last_position >= OLD.position AND a.first_position <= OLD.position)
  THEN
    RETURN OLD;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.position IS NULL AND NEW.position IS NOT NULL THEN
    unsealed := NEW;
    unsealed.position := NULL;
    unsealed.previous_hash := NULL;
    unsealed.hash := NULL;
    -- Compared byte by byte: 1.0 and 1.00 are equal numbers with different digests.
    IF unsealed OPERATOR(pg_catalog.*=) OLD THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'a change event is never changed or deleted'
    USING ERRCODE = 'P0001', CONSTRAINT = 'change_event_immutable', SCHEMA = 'platform', TABLE = 'change_event';
END $$;

DO $$
BEGIN
  IF (SELECT r.rolsuper OR r.rolcreaterole FROM pg_roles r WHERE r.rolname = current_user) THEN
    PERFORM platform.grant_subgraph_roles();
  END IF;
END $$;
