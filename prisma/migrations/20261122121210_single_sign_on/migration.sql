-- Signing in at a provider of the account: OpenID Connect or DHIS2.

CREATE TABLE identity.sign_in_provider (
  account_id      uuid NOT NULL REFERENCES identity.account (id),
  id              uuid NOT NULL,
  name            text NOT NULL,
  name_key        text NOT NULL,
  kind            text NOT NULL,
  url             text NOT NULL,
  client_id       text NOT NULL,
  client_secret   bytea,
  return_urls     text[] NOT NULL DEFAULT '{}',
  allowed_domains text[] NOT NULL DEFAULT '{}',
  joining_role_id uuid,
  enabled         boolean NOT NULL DEFAULT true,
  revision        integer NOT NULL DEFAULT 1,
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, id),
  CONSTRAINT sign_in_provider_name_key UNIQUE (account_id, name_key),
  CONSTRAINT sign_in_provider_role_fkey FOREIGN KEY (account_id, joining_role_id)
    REFERENCES identity.role (account_id, id) ON DELETE SET NULL (joining_role_id),
  CONSTRAINT sign_in_provider_name_length CHECK (length(name) BETWEEN 1 AND 200),
  CONSTRAINT sign_in_provider_kind CHECK (kind IN ('OIDC', 'DHIS2'))
);
CREATE INDEX sign_in_provider_role_idx ON identity.sign_in_provider (account_id, joining_role_id);
COMMENT ON TABLE identity.sign_in_provider IS 'Where members of the account may sign in instead of here. What it says about somebody counts in this account alone.';
COMMENT ON COLUMN identity.sign_in_provider.url IS 'The issuer, or the address of the DHIS2.';
COMMENT ON COLUMN identity.sign_in_provider.client_secret IS 'Sealed under MASTER_KEY for this account, record and url.';
COMMENT ON COLUMN identity.sign_in_provider.return_urls IS 'Where a browser may be sent back to, beside the pages below PUBLIC_URL.';
COMMENT ON COLUMN identity.sign_in_provider.allowed_domains IS 'Mail domains whose confirmed addresses join the account; none by default.';
COMMENT ON COLUMN identity.sign_in_provider.joining_role_id IS 'The role of whoever joins by their domain.';

CREATE TABLE identity.sign_in_subject (
  account_id  uuid NOT NULL,
  provider_id uuid NOT NULL,
  subject     text NOT NULL,
  user_id     uuid NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, provider_id, subject),
  CONSTRAINT sign_in_subject_provider_fkey FOREIGN KEY (account_id, provider_id)
    REFERENCES identity.sign_in_provider (account_id, id) ON DELETE CASCADE,
  CONSTRAINT sign_in_subject_membership_fkey FOREIGN KEY (account_id, user_id)
    REFERENCES identity.membership (account_id, user_id)
);
CREATE INDEX sign_in_subject_membership_idx ON identity.sign_in_subject (account_id, user_id);
COMMENT ON TABLE identity.sign_in_subject IS 'Who a subject of an issuer is: kept at the first sign-in, so that a changed address changes nobody.';

CREATE TABLE identity.sign_in_flow (
  account_id      uuid NOT NULL,
  id              uuid NOT NULL,
  provider_id     uuid NOT NULL,
  state_hash      bytea NOT NULL,
  challenge       text NOT NULL,
  return_to       text NOT NULL,
  expires_at      timestamptz NOT NULL,
  used_at         timestamptz,
  user_id         uuid,
  code_hash       bytea,
  code_expires_at timestamptz,
  PRIMARY KEY (account_id, id),
  CONSTRAINT sign_in_flow_state_hash_key UNIQUE (state_hash),
  CONSTRAINT sign_in_flow_code_hash_key UNIQUE (code_hash),
  CONSTRAINT sign_in_flow_provider_fkey FOREIGN KEY (account_id, provider_id)
    REFERENCES identity.sign_in_provider (account_id, id) ON DELETE CASCADE,
  CONSTRAINT sign_in_flow_membership_fkey FOREIGN KEY (account_id, user_id)
    REFERENCES identity.membership (account_id, user_id)
);
CREATE INDEX sign_in_flow_provider_idx ON identity.sign_in_flow (account_id, provider_id);
CREATE INDEX sign_in_flow_membership_idx ON identity.sign_in_flow (account_id, user_id);
CREATE INDEX sign_in_flow_expires_at_idx ON identity.sign_in_flow (expires_at);
COMMENT ON TABLE identity.sign_in_flow IS 'A sign-in on its way through a provider. Its state, nonce and verifier derive from a secret that only the browser has.';
COMMENT ON COLUMN identity.sign_in_flow.challenge IS 'SHA-256, base64url, of a secret of the page that asked: without it the code is worth nothing.';
COMMENT ON COLUMN identity.sign_in_flow.code_hash IS 'SHA-256 of the one-time code that is exchanged for tokens; NULL before and after.';

ALTER TABLE identity.session
  ADD COLUMN provider_id uuid,
  ADD CONSTRAINT session_provider_fkey FOREIGN KEY (account_id, provider_id)
    REFERENCES identity.sign_in_provider (account_id, id) ON DELETE CASCADE;
CREATE INDEX session_provider_idx ON identity.session (account_id, provider_id) WHERE provider_id IS NOT NULL;
COMMENT ON COLUMN identity.session.provider_id IS 'Opened at this provider: it proves somebody to this account alone, and changes nothing of the person.';

ALTER TABLE identity.membership ADD COLUMN dhis2_id text;
ALTER TABLE identity.membership
  ADD CONSTRAINT membership_dhis2_id_key UNIQUE (account_id, dhis2_id),
  ADD CONSTRAINT membership_dhis2_id_form CHECK (dhis2_id ~ '^[A-Za-z][A-Za-z0-9]{10}$');
COMMENT ON COLUMN identity.membership.dhis2_id IS 'The id of this member at the DHIS2 of the account; who signs in there as that user is this member.';

CREATE OR REPLACE VIEW identity.viewer_session AS
SELECT s.id AS session_id, s.account_id, s.user_id, s.expires_at, s.provider_id
FROM identity.session s
WHERE s.ended_at IS NULL;
COMMENT ON VIEW identity.viewer_session IS 'Contract: sessions that were not ended; the reader compares expires_at with the time of the request. provider_id: opened at a provider of the account, so good in this account alone.';

DO $$
BEGIN
  IF (SELECT r.rolsuper OR r.rolcreaterole FROM pg_roles r WHERE r.rolname = current_user) THEN
    PERFORM platform.grant_subgraph_roles();
  END IF;
END $$;
