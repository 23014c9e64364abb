-- Invitations into an account, by mail, with what the invited person will hold.

CREATE TABLE identity.invitation (
  account_id  uuid NOT NULL REFERENCES identity.account (id),
  id          uuid NOT NULL,
  email       text NOT NULL,
  email_key   text NOT NULL,
  language    text,
  role_ids    uuid[] NOT NULL DEFAULT '{}',
  unit_ids    uuid[],
  project_ids uuid[],
  writable_type_ids uuid[],
  invited_by  uuid,
  created_at  timestamptz NOT NULL DEFAULT now(),
  mailed_at   timestamptz,
  expires_at  timestamptz NOT NULL,
  accepted_at timestamptz,
  accepted_by uuid,
  revoked_at  timestamptz,
  PRIMARY KEY (account_id, id),
  CONSTRAINT invitation_invited_by_fkey FOREIGN KEY (account_id, invited_by)
    REFERENCES identity.membership (account_id, user_id),
  CONSTRAINT invitation_accepted_by_fkey FOREIGN KEY (account_id, accepted_by)
    REFERENCES identity.membership (account_id, user_id),
  CONSTRAINT invitation_accepted CHECK ((accepted_at IS NULL) = (accepted_by IS NULL)),
  CONSTRAINT invitation_one_end CHECK (accepted_at IS NULL OR revoked_at IS NULL),
  CONSTRAINT invitation_role_ids_count CHECK (cardinality(role_ids) <= 50),
  CONSTRAINT invitation_unit_ids_count CHECK (cardinality(unit_ids) <= 200)
);
CREATE UNIQUE INDEX invitation_open_key ON identity.invitation (account_id, email_key)
  WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE INDEX invitation_invited_by_idx ON identity.invitation (account_id, invited_by);
CREATE INDEX invitation_accepted_by_idx ON identity.invitation (account_id, accepted_by);
COMMENT ON TABLE identity.invitation IS 'Somebody who may become a member by following a link. One is open per address.';
COMMENT ON COLUMN identity.invitation.unit_ids IS 'The scope of the membership that comes of it, as in membership; so are project_ids and writable_type_ids.';
COMMENT ON COLUMN identity.invitation.invited_by IS 'NULL: whoever set the account up.';
COMMENT ON COLUMN identity.invitation.mailed_at IS 'When the last mail left; NULL before the first.';

ALTER TABLE identity.session DROP CONSTRAINT session_end_reason;
ALTER TABLE identity.session ADD CONSTRAINT session_end_reason
  CHECK (end_reason IN ('SIGNED_OUT', 'REUSED', 'REVOKED', 'SWITCHED'));
COMMENT ON COLUMN identity.session.end_reason IS 'SIGNED_OUT by the person; REUSED: an old refresh token came back; REVOKED by somebody else; SWITCHED: the person went on in another account.';
