-- Webhooks: who is told of changes, and what became of each telling.

CREATE TABLE identity.webhook (
  account_id       uuid NOT NULL REFERENCES identity.account (id),
  id               uuid NOT NULL,
  name             text NOT NULL,
  url              text NOT NULL,
  mode             text NOT NULL,
  subject_types    text[],
  actions          text[],
  secret           bytea NOT NULL,
  old_secret       bytea,
  old_secret_until timestamptz,
  position         bigint NOT NULL,
  replay_after     bigint,
  replay_through   bigint,
  last_number      bigint NOT NULL DEFAULT 0,
  disabled_reason  text,
  failing_since    timestamptz,
  lease_owner      uuid,
  lease_until      timestamptz,
  revision         integer NOT NULL DEFAULT 1,
  created_at       timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, id),
  CONSTRAINT webhook_mode CHECK (mode IN ('STRUCTURED', 'BINARY')),
  CONSTRAINT webhook_disabled_reason CHECK (disabled_reason IN ('BY_HAND', 'GONE', 'FAILING')),
  CONSTRAINT webhook_old_secret CHECK ((old_secret IS NULL) = (old_secret_until IS NULL)),
  CONSTRAINT webhook_replay CHECK ((replay_after IS NULL) = (replay_through IS NULL)),
  CONSTRAINT webhook_lease CHECK ((lease_owner IS NULL) = (lease_until IS NULL))
);
COMMENT ON TABLE identity.webhook IS 'An address of a partner that is told of changes.';
COMMENT ON COLUMN identity.webhook.secret IS 'Sealed under MASTER_KEY.';
COMMENT ON COLUMN identity.webhook.old_secret IS 'The one before, which signs too until old_secret_until.';
COMMENT ON COLUMN identity.webhook.position IS 'Events of the log up to here have their delivery, when they match.';
COMMENT ON COLUMN identity.webhook.replay_after IS 'A replay is asked for: of the events after here, through replay_through.';
COMMENT ON COLUMN identity.webhook.last_number IS 'The number of its newest delivery.';
COMMENT ON COLUMN identity.webhook.disabled_reason IS 'NULL while it is enabled.';
COMMENT ON COLUMN identity.webhook.failing_since IS 'The first failure since the last success.';
COMMENT ON COLUMN identity.webhook.lease_owner IS 'Who sends for it now: one at a time, so that order holds.';

CREATE TABLE identity.webhook_delivery (
  account_id  uuid NOT NULL,
  id          uuid NOT NULL,
  webhook_id  uuid NOT NULL,
  number      bigint NOT NULL,
  kind        text NOT NULL,
  position    bigint,
  subject     text NOT NULL,
  status      text NOT NULL DEFAULT 'PENDING',
  attempts    integer NOT NULL DEFAULT 0,
  next_at     timestamptz NOT NULL DEFAULT now(),
  first_at    timestamptz,
  finished_at timestamptz,
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, id),
  CONSTRAINT webhook_delivery_number UNIQUE (account_id, webhook_id, number),
  CONSTRAINT webhook_delivery_webhook_fkey FOREIGN KEY (account_id, webhook_id)
    REFERENCES identity.webhook (account_id, id) ON DELETE CASCADE,
  CONSTRAINT webhook_delivery_kind CHECK (kind IN ('EVENT', 'REPLAY', 'PING')),
  CONSTRAINT webhook_delivery_position CHECK ((kind = 'PING') = (position IS NULL)),
  CONSTRAINT webhook_delivery_status CHECK (status IN ('PENDING', 'DELIVERED', 'PARKED')),
  CONSTRAINT webhook_delivery_finished CHECK ((status = 'PENDING') = (finished_at IS NULL))
);
CREATE INDEX webhook_delivery_pending_idx ON identity.webhook_delivery (account_id, webhook_id, subject, number)
  WHERE status = 'PENDING';
COMMENT ON TABLE identity.webhook_delivery IS 'One event for one webhook. Of a subject, one is sent after the other.';
COMMENT ON COLUMN identity.webhook_delivery.number IS '1, 2, 3, … within the webhook, in the order of sending.';
COMMENT ON COLUMN identity.webhook_delivery.position IS 'The event in the log; NULL for a ping.';

CREATE TABLE identity.webhook_attempt (
  account_id       uuid NOT NULL,
  id               uuid NOT NULL,
  delivery_id      uuid NOT NULL,
  number           integer NOT NULL,
  at               timestamptz NOT NULL,
  duration_ms      integer NOT NULL,
  url              text NOT NULL,
  request_headers  jsonb NOT NULL,
  response_status  integer,
  response_headers jsonb,
  response_body    text,
  error            text,
  PRIMARY KEY (account_id, id),
  CONSTRAINT webhook_attempt_number UNIQUE (account_id, delivery_id, number),
  CONSTRAINT webhook_attempt_delivery_fkey FOREIGN KEY (account_id, delivery_id)
    REFERENCES identity.webhook_delivery (account_id, id) ON DELETE CASCADE,
  CONSTRAINT webhook_attempt_outcome CHECK ((response_status IS NULL) = (error IS NOT NULL))
);
COMMENT ON TABLE identity.webhook_attempt IS 'One call of a delivery. The body that was sent is made from the event when it is asked for, so that erased values stay erased.';
COMMENT ON COLUMN identity.webhook_attempt.response_body IS 'Its beginning.';
