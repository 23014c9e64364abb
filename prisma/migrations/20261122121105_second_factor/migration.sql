-- The optional second factor of a person: codes of an app (TOTP), and recovery codes for when the phone is lost.
-- Both belong to the person, in every account, as the password does.

CREATE TABLE identity.second_factor (
  user_id       uuid PRIMARY KEY REFERENCES identity."user" (id),
  secret_sealed bytea NOT NULL,
  last_step     bigint NOT NULL DEFAULT 0,
  created_at    timestamptz NOT NULL DEFAULT now(),
  confirmed_at  timestamptz
);
COMMENT ON TABLE identity.second_factor IS 'What the codes of a person are made from.';
COMMENT ON COLUMN identity.second_factor.secret_sealed IS 'Sealed under MASTER_KEY for this person.';
COMMENT ON COLUMN identity.second_factor.last_step IS 'The 30 seconds, counted from 1970, of the last code that was taken: it and earlier ones are refused.';
COMMENT ON COLUMN identity.second_factor.confirmed_at IS 'NULL until a first code was given; it is not asked for before.';

CREATE TABLE identity.recovery_code (
  user_id   uuid NOT NULL REFERENCES identity.second_factor (user_id) ON DELETE CASCADE,
  code_hash bytea NOT NULL,
  used_at   timestamptz,
  PRIMARY KEY (user_id, code_hash)
);
COMMENT ON TABLE identity.recovery_code IS 'Codes that each stand in once for one of the app.';
COMMENT ON COLUMN identity.recovery_code.code_hash IS 'SHA-256; the code itself is 80 random bits.';

DO $$
BEGIN
  IF (SELECT r.rolsuper OR r.rolcreaterole FROM pg_roles r WHERE r.rolname = current_user) THEN
    PERFORM platform.grant_subgraph_roles();
  END IF;
END $$;
