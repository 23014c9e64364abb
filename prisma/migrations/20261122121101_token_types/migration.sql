-- What types of org units a token may write, and the types there are, for whoever names them in a scope.

ALTER TABLE identity.api_token
  ADD COLUMN writable_type_ids uuid[],
  ADD CONSTRAINT api_token_writable_type_ids_count CHECK (cardinality(writable_type_ids) <= 200);
COMMENT ON COLUMN identity.api_token.writable_type_ids IS 'The token edits org units of these types at most; NULL: no limit of its own.';

CREATE OR REPLACE VIEW identity.viewer_token AS
SELECT t.token_hash, t.account_id, t.id AS token_id, t.user_id, t.permissions, t.expires_at, t.last_used_at,
       t.unit_ids, t.project_ids, a.modules, t.writable_type_ids
FROM identity.api_token t
JOIN identity.account a ON a.id = t.account_id AND a.closed_at IS NULL
WHERE t.revoked_at IS NULL;

CREATE VIEW georegistry.known_org_unit_type AS
SELECT t.account_id, t.id AS type_id, t.name FROM georegistry.org_unit_type t;
COMMENT ON VIEW georegistry.known_org_unit_type IS 'Contract: the types of org units of an account. Columns are only ever added.';

DO $$
BEGIN
  IF (SELECT r.rolsuper OR r.rolcreaterole FROM pg_roles r WHERE r.rolname = current_user) THEN
    PERFORM platform.grant_subgraph_roles();
  END IF;
END $$;
