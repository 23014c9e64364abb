-- Logins at servers of others (DHIS2 and the like), for jobs that fetch from them or send to them.

CREATE TABLE identity.external_credential (
  account_id uuid NOT NULL REFERENCES identity.account (id),
  id         uuid NOT NULL,
  name       text NOT NULL,
  name_key   text NOT NULL,
  kind       text NOT NULL,
  url        text NOT NULL,
  login      text NOT NULL DEFAULT '',
  secret     bytea,
  revision   integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, id),
  CONSTRAINT external_credential_name_key UNIQUE (account_id, name_key),
  CONSTRAINT external_credential_name_length CHECK (length(name) BETWEEN 1 AND 200),
  CONSTRAINT external_credential_kind CHECK (kind IN ('DHIS2', 'BASIC', 'BEARER'))
);
COMMENT ON TABLE identity.external_credential IS 'A login at a server of somebody else.';
COMMENT ON COLUMN identity.external_credential.login IS 'Empty where the secret is a token.';
COMMENT ON COLUMN identity.external_credential.secret IS 'Sealed under MASTER_KEY for this account, record and url; NULL after the url was changed without giving the secret again.';

CREATE VIEW identity.sealed_credential AS
SELECT c.account_id, c.id, c.name, c.kind, c.url, c.login, c.secret AS secret_sealed
FROM identity.external_credential c;
COMMENT ON VIEW identity.sealed_credential IS 'Contract: credentials for the jobs of other subgraphs. secret_sealed opens with openCredential of packages/secrets, for its url alone; NULL when none is kept. Columns are only ever added.';

DO $$
BEGIN
  IF (SELECT r.rolsuper OR r.rolcreaterole FROM pg_roles r WHERE r.rolname = current_user) THEN
    PERFORM platform.grant_subgraph_roles();
  END IF;
END $$;
