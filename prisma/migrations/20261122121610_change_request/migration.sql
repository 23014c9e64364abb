-- Change requests: what somebody proposes for a unit, field by field, until somebody else decides.

CREATE TABLE georegistry.change_request (
  account_id        uuid NOT NULL REFERENCES identity.account (id),
  id                uuid NOT NULL,
  data_source_id    uuid NOT NULL,
  kind              text NOT NULL,
  -- Null for a unit that is not made yet.
  unit_id           uuid,
  -- The unit whose place says whose scope the request is in: the unit itself, or the parent of a new one.
  place_unit_id     uuid,
  -- The request that makes the parent of the unit that this one makes.
  parent_request_id uuid,
  -- The reference of a unit to be made.
  reference         text,
  proposed          jsonb NOT NULL,
  seen              jsonb NOT NULL,
  with_descendants  boolean NOT NULL DEFAULT false,
  seen_descendants  integer,
  comment           text NOT NULL DEFAULT '',
  status            text NOT NULL DEFAULT 'PROPOSED',
  applied_fields    text[],
  decision_reason   text,
  proposed_by       uuid,
  proposed_at       timestamptz NOT NULL DEFAULT now(),
  decided_by        uuid,
  decided_at        timestamptz,
  revision          integer NOT NULL DEFAULT 1,
  PRIMARY KEY (account_id, id),
  CONSTRAINT change_request_source FOREIGN KEY (account_id, data_source_id)
    REFERENCES georegistry.data_source (account_id, id),
  CONSTRAINT change_request_unit FOREIGN KEY (account_id, unit_id) REFERENCES georegistry.org_unit (account_id, id),
  CONSTRAINT change_request_place FOREIGN KEY (account_id, place_unit_id)
    REFERENCES georegistry.org_unit (account_id, id),
  CONSTRAINT change_request_parent_request FOREIGN KEY (account_id, parent_request_id)
    REFERENCES georegistry.change_request (account_id, id),
  CONSTRAINT change_request_proposed_by FOREIGN KEY (account_id, proposed_by)
    REFERENCES identity.membership (account_id, user_id),
  CONSTRAINT change_request_decided_by FOREIGN KEY (account_id, decided_by)
    REFERENCES identity.membership (account_id, user_id),
  CONSTRAINT change_request_kind CHECK (kind IN ('CREATE', 'CHANGE', 'MOVE', 'REMOVE')),
  CONSTRAINT change_request_kind_unit CHECK (kind = 'CREATE' OR unit_id IS NOT NULL),
  CONSTRAINT change_request_status CHECK (status IN ('PROPOSED', 'APPROVED', 'REJECTED')),
  CONSTRAINT change_request_decision CHECK ((status = 'PROPOSED') = (decided_at IS NULL)),
  CONSTRAINT change_request_applied CHECK ((status = 'APPROVED') = (applied_fields IS NOT NULL)),
  CONSTRAINT change_request_comment_length CHECK (length(comment) <= 2000),
  CONSTRAINT change_request_reason_length CHECK (length(decision_reason) <= 2000)
);
CREATE INDEX change_request_status_idx ON georegistry.change_request (account_id, status, id);
CREATE INDEX change_request_source_idx ON georegistry.change_request (account_id, data_source_id, id);
CREATE INDEX change_request_unit_idx ON georegistry.change_request (account_id, unit_id, id);
CREATE INDEX change_request_place_idx ON georegistry.change_request (account_id, place_unit_id);
CREATE INDEX change_request_parent_idx ON georegistry.change_request (account_id, parent_request_id);
CREATE INDEX change_request_proposed_by_idx ON georegistry.change_request (account_id, proposed_by);
CREATE INDEX change_request_decided_by_idx ON georegistry.change_request (account_id, decided_by);
COMMENT ON TABLE georegistry.change_request IS 'What somebody proposes for a unit, and what became of it.';
COMMENT ON COLUMN georegistry.change_request.proposed IS 'Fields of the unit''s content by name, as they shall be.';
COMMENT ON COLUMN georegistry.change_request.seen IS 'The same fields as whoever proposed saw them; of a removal all fields.';
COMMENT ON COLUMN georegistry.change_request.seen_descendants IS 'Of a removal with what stands below: how many units that were.';
COMMENT ON COLUMN georegistry.change_request.applied_fields IS 'Names of the fields that were approved.';

DO $$
BEGIN
  IF (SELECT r.rolsuper OR r.rolcreaterole FROM pg_roles r WHERE r.rolname = current_user) THEN
    PERFORM platform.grant_subgraph_roles();
  END IF;
END $$;
