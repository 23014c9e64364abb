-- An API token that was revoked is told apart from one that never was.

CREATE VIEW identity.known_token AS
SELECT t.token_hash, t.account_id, t.id AS token_id FROM identity.api_token t;
COMMENT ON VIEW identity.known_token IS 'Contract: every API token that was made, also those that prove nothing any more, found by the SHA-256 of the token. Columns are only ever added.';

DO $$
BEGIN
  IF (SELECT r.rolsuper OR r.rolcreaterole FROM pg_roles r WHERE r.rolname = current_user) THEN
    PERFORM platform.grant_subgraph_roles();
  END IF;
END $$;
