-- What every subgraph writes beside its own records: the log of changes, jobs and files.
-- Each table is written only through the package that owns it: packages/changes, packages/jobs, packages/files.

-- ------------------------------------------------------------------------------------------- changes

-- No foreign keys here on purpose: a foreign key to the account would make every writer lock the account's row,
-- and the log outlives what it speaks of. The account comes from the handle.
CREATE TABLE platform.change_event (
  account_id      uuid NOT NULL,
  id              uuid NOT NULL,
  entry           bigint GENERATED ALWAYS AS IDENTITY,
  position        bigint,
  at              timestamptz NOT NULL DEFAULT clock_timestamp(),
  user_id         uuid,
  token_id        uuid,
  job_id          uuid,
  on_behalf_of    uuid,
  request_id      text NOT NULL,
  subject_type    text NOT NULL,
  subject_id      text NOT NULL,
  unit_id         uuid,
  project_id      uuid,
  action          text NOT NULL,
  fields_before   jsonb,
  fields_after    jsonb,
  reason          text,
  previous_hash   bytea,
  hash            bytea,
  PRIMARY KEY (account_id, id),
  CONSTRAINT change_event_position_key UNIQUE (account_id, position),
  CONSTRAINT change_event_sealed_whole CHECK (
    (position IS NULL AND previous_hash IS NULL AND hash IS NULL)
    OR (position > 0 AND octet_length(previous_hash) = 32 AND octet_length(hash) = 32)
  ),
  CONSTRAINT change_event_subject_form CHECK (subject_type ~ '^[A-Z][A-Za-z0-9]{0,99}$'),
  CONSTRAINT change_event_subject_id_length CHECK (length(subject_id) BETWEEN 1 AND 200),
  CONSTRAINT change_event_action_form CHECK (action ~ '^[A-Z][A-Z0-9_]{0,63}$'),
  CONSTRAINT change_event_before_object CHECK (jsonb_typeof(fields_before) = 'object'),
  CONSTRAINT change_event_after_object CHECK (jsonb_typeof(fields_after) = 'object')
);
CREATE INDEX change_event_unsealed_idx ON platform.change_event (account_id, entry) WHERE position IS NULL;
CREATE INDEX change_event_subject_idx ON platform.change_event (account_id, subject_type, subject_id, position);
CREATE INDEX change_event_unit_idx ON platform.change_event (account_id, unit_id, position) WHERE unit_id IS NOT NULL;
COMMENT ON TABLE platform.change_event IS 'One recorded change, written in the transaction of the change. Audit trail, history of a record and feed for partners in one.';
COMMENT ON COLUMN platform.change_event.entry IS 'The order in which events were written, across transactions that may commit in another order. The sealer sorts a batch by it, so that the events of one subject keep their order.';
COMMENT ON COLUMN platform.change_event.position IS 'NULL until sealed; then 1, 2, 3, … within the account, without gaps. Only sealed events are read.';
COMMENT ON COLUMN platform.change_event.subject_id IS 'Mostly a UUID; text, since some subjects are named by more than one id.';
COMMENT ON COLUMN platform.change_event.fields_before IS 'The changed fields as they were; NULL for a creation. Personal values stand as {"$personal": id, "hash": salted hash}, secret ones as {"$secret": true}.';
COMMENT ON COLUMN platform.change_event.previous_hash IS 'The hash of the event before it; 32 zero bytes for the first.';
COMMENT ON COLUMN platform.change_event.hash IS 'SHA-256 of previous_hash, position (8 bytes, big-endian) and platform.change_digest(event).';

-- The end of each chain, so that a cut-off end is noticed too.
CREATE TABLE platform.change_chain (
  account_id uuid NOT NULL,
  position   bigint NOT NULL,
  hash       bytea NOT NULL,
  sealed_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id),
  CONSTRAINT change_chain_hash_length CHECK (octet_length(hash) = 32)
);
COMMENT ON TABLE platform.change_chain IS 'Position and hash of the last sealed event of an account. Written by the sealer under the advisory lock of the account.';

CREATE TABLE platform.personal_value (
  account_id uuid NOT NULL,
  id         uuid NOT NULL,
  person_id  uuid,
  value      jsonb,
  salt       bytea,
  written_at timestamptz NOT NULL DEFAULT now(),
  erased_at  timestamptz,
  PRIMARY KEY (account_id, id),
  CONSTRAINT personal_value_erased_whole CHECK (
    (erased_at IS NULL AND value IS NOT NULL AND salt IS NOT NULL)
    OR (erased_at IS NOT NULL AND value IS NULL AND salt IS NULL)
  )
);
CREATE INDEX personal_value_person_idx ON platform.personal_value (account_id, person_id) WHERE person_id IS NOT NULL;
COMMENT ON TABLE platform.personal_value IS 'Names, addresses and phones that events speak of. Erasing one takes value and salt; the chained event keeps a hash that can no longer be guessed.';

CREATE FUNCTION platform.change_digest(e platform.change_event) RETURNS bytea
LANGUAGE sql STABLE
AS $$
  SELECT sha256(convert_to(jsonb_build_array(
    e.account_id, e.id, e.entry,
    to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    e.user_id, e.token_id, e.job_id, e.on_behalf_of, e.request_id,
    e.subject_type, e.subject_id, e.unit_id, e.project_id, e.action,
    e.fields_before, e.fields_after, e.reason
  )::text, 'UTF8'))
$$;
COMMENT ON FUNCTION platform.change_digest(platform.change_event) IS 'SHA-256 over everything an event says, in the text form of jsonb. Never changed: the hashes of old events rest on it.';

CREATE FUNCTION platform.change_event_guard() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  unsealed platform.change_event;
BEGIN
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
COMMENT ON FUNCTION platform.change_event_guard() IS 'Lets an event be sealed once and refuses every other change.';

CREATE TRIGGER change_event_immutable BEFORE UPDATE OR DELETE ON platform.change_event
  FOR EACH ROW EXECUTE FUNCTION platform.change_event_guard();
CREATE TRIGGER change_event_no_truncate BEFORE TRUNCATE ON platform.change_event
  FOR EACH STATEMENT EXECUTE FUNCTION platform.change_event_guard();

-- ---------------------------------------------------------------------------------------------- jobs

CREATE TABLE platform.job (
  account_id          uuid NOT NULL REFERENCES identity.account (id),
  id                  uuid NOT NULL,
  name                text NOT NULL,
  status              text NOT NULL DEFAULT 'QUEUED',
  input               jsonb NOT NULL,
  idempotency_key     text,
  one_at_a_time_key   text,
  reason              text,
  user_id             uuid,
  token_id            uuid,
  parent_job_id       uuid,
  on_behalf_of        uuid,
  request_id          text NOT NULL,
  attempt             integer NOT NULL DEFAULT 0,
  max_attempts        integer NOT NULL,
  run_at              timestamptz NOT NULL DEFAULT now(),
  delivery            integer NOT NULL DEFAULT 1,
  relays              integer NOT NULL DEFAULT 0,
  relay_at            timestamptz NOT NULL DEFAULT now(),
  lease_owner         text,
  lease_until         timestamptz,
  cancel_requested_at timestamptz,
  cancel_requested_by uuid,
  progress_done       bigint,
  progress_total      bigint,
  progress_unit       text,
  progress_message    text,
  result              jsonb,
  error               jsonb,
  created_at          timestamptz NOT NULL DEFAULT now(),
  started_at          timestamptz,
  finished_at         timestamptz,
  updated_at          timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, id),
  CONSTRAINT job_idempotency_key UNIQUE (account_id, name, idempotency_key),
  CONSTRAINT job_status CHECK (status IN ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
  CONSTRAINT job_lease CHECK (
    (status = 'RUNNING') = (lease_owner IS NOT NULL) AND (lease_owner IS NULL) = (lease_until IS NULL)
  ),
  CONSTRAINT job_finished CHECK ((status IN ('SUCCEEDED', 'FAILED', 'CANCELLED')) = (finished_at IS NOT NULL)),
  CONSTRAINT job_attempts CHECK (attempt >= 0 AND max_attempts >= 1),
  CONSTRAINT job_idempotency_key_length CHECK (length(idempotency_key) BETWEEN 1 AND 200)
);
CREATE INDEX job_relay_idx ON platform.job (relay_at) WHERE status = 'QUEUED';
CREATE INDEX job_lease_idx ON platform.job (lease_until) WHERE status = 'RUNNING';
CREATE UNIQUE INDEX job_one_at_a_time ON platform.job (account_id, one_at_a_time_key)
  WHERE status = 'RUNNING' AND one_at_a_time_key IS NOT NULL;
CREATE INDEX job_waiting_idx ON platform.job (account_id, one_at_a_time_key, id)
  WHERE status = 'QUEUED' AND one_at_a_time_key IS NOT NULL;
CREATE INDEX job_user_idx ON platform.job (account_id, user_id, id);
COMMENT ON TABLE platform.job IS 'Work outside a request. This row is the truth; the queue only carries its id.';
COMMENT ON COLUMN platform.job.id IS 'In the order of time, so that lists by id are lists by age.';
COMMENT ON COLUMN platform.job.input IS 'As the definition''s schema parsed it. Never secrets: name them by id.';
COMMENT ON COLUMN platform.job.delivery IS 'Which delivery by the queue is awaited; a new one is asked for under the next number, so that the queue does not take it for the old one.';
COMMENT ON COLUMN platform.job.relays IS 'How often this delivery was handed to the queue; again and again, further and further apart, until a worker takes it.';
COMMENT ON COLUMN platform.job.relay_at IS 'When the relay hands it to the queue (again).';
COMMENT ON COLUMN platform.job.lease_owner IS 'The run that may commit for this job, until lease_until unless renewed.';
COMMENT ON COLUMN platform.job.one_at_a_time_key IS 'Of the jobs of an account with one key at most one runs.';
COMMENT ON COLUMN platform.job.error IS '{code, message}, in the words of the published error codes.';

CREATE TABLE platform.job_log (
  account_id uuid NOT NULL,
  id         uuid NOT NULL,
  job_id     uuid NOT NULL,
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  attempt    integer NOT NULL,
  level      text NOT NULL,
  message    text NOT NULL,
  PRIMARY KEY (account_id, id),
  CONSTRAINT job_log_job_fkey FOREIGN KEY (account_id, job_id)
    REFERENCES platform.job (account_id, id) ON DELETE CASCADE,
  CONSTRAINT job_log_level CHECK (level IN ('INFO', 'WARNING', 'ERROR')),
  CONSTRAINT job_log_message_length CHECK (length(message) <= 10000)
);
CREATE INDEX job_log_job_idx ON platform.job_log (account_id, job_id, id);
COMMENT ON TABLE platform.job_log IS 'What a job says while it runs, for the person who asked for it.';

-- --------------------------------------------------------------------------------------------- files

CREATE TABLE platform.file (
  account_id   uuid NOT NULL REFERENCES identity.account (id),
  id           uuid NOT NULL,
  name         text NOT NULL,
  content_type text NOT NULL,
  size         bigint NOT NULL DEFAULT 0,
  sha256       bytea,
  storage_key  text NOT NULL,
  created_by   uuid,
  created_at   timestamptz NOT NULL DEFAULT now(),
  stored_at    timestamptz,
  expires_at   timestamptz,
  PRIMARY KEY (account_id, id),
  CONSTRAINT file_storage_key UNIQUE (account_id, storage_key),
  CONSTRAINT file_stored_whole CHECK ((stored_at IS NULL) = (sha256 IS NULL)),
  CONSTRAINT file_sha256_length CHECK (octet_length(sha256) = 32),
  CONSTRAINT file_unstored_expires CHECK (stored_at IS NOT NULL OR expires_at IS NOT NULL),
  CONSTRAINT file_size CHECK (size >= 0),
  CONSTRAINT file_name_length CHECK (length(name) BETWEEN 1 AND 255)
);
CREATE INDEX file_expires_idx ON platform.file (account_id, expires_at) WHERE expires_at IS NOT NULL;
COMMENT ON TABLE platform.file IS 'A file and where its bytes are. The row comes first, so that bytes without a row cannot be left behind.';
COMMENT ON COLUMN platform.file.content_type IS 'As its bytes say, not as the sender does.';
COMMENT ON COLUMN platform.file.stored_at IS 'NULL while bytes arrive; such a file cannot be read.';
COMMENT ON COLUMN platform.file.expires_at IS 'When it may be removed; NULL once something keeps it.';
