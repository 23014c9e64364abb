-- What an operator proves themselves with over the API. Operators belong to no account.

CREATE TABLE identity.operator_token (
  id           uuid PRIMARY KEY,
  name         text NOT NULL,
  token_hash   bytea NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  expires_at   timestamptz NOT NULL,
  last_used_at timestamptz,
  revoked_at   timestamptz,
  CONSTRAINT operator_token_token_hash_key UNIQUE (token_hash),
  CONSTRAINT operator_token_token_hash_length CHECK (octet_length(token_hash) = 32),
  CONSTRAINT operator_token_name_length CHECK (length(name) BETWEEN 1 AND 200)
);
COMMENT ON TABLE identity.operator_token IS 'Tokens that set accounts up and do nothing else. Made on the machine of the database, shown once, kept as SHA-256.';
