-- Accounts, the people in them, how they prove who they are, and what they may do.
-- Without an account are only persons and what proves them: user, session, refresh_token, signing_key,
-- sign_in_attempt. Identity alone reads and writes those. Everybody else reads the contract views at the end.

CREATE SCHEMA IF NOT EXISTS identity;
CREATE SCHEMA IF NOT EXISTS platform;
COMMENT ON SCHEMA identity IS 'Accounts, users, sign-in, roles and tokens. Written by the identity subgraph alone.';
COMMENT ON SCHEMA platform IS 'The log, jobs and files. Written only through the package that owns each table.';

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;

-- PostgreSQL 18 has uuidv7(), PostgreSQL 15 has not: a random UUID whose first 48 bits are the milliseconds
-- since 1970 and whose version bits say 7. For bulk inserts; code uses newId().
CREATE FUNCTION platform.uuid_v7() RETURNS uuid
LANGUAGE sql VOLATILE PARALLEL SAFE
AS $$
  SELECT encode(
    set_bit(
      set_bit(
        overlay(uuid_send(gen_random_uuid())
                PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
                FROM 1 FOR 6),
        52, 1),
      53, 1),
    'hex')::uuid
$$;
COMMENT ON FUNCTION platform.uuid_v7() IS 'A UUIDv7, for inserts of many rows in SQL.';

-- ---------------------------------------------------------------------------------------------- accounts

CREATE TABLE identity.account (
  id           uuid PRIMARY KEY,
  slug         text NOT NULL,
  name         text NOT NULL,
  time_zone    text NOT NULL DEFAULT 'UTC',
  language     text NOT NULL DEFAULT 'en',
  founding_key text,
  revision     integer NOT NULL DEFAULT 1,
  created_at   timestamptz NOT NULL DEFAULT now(),
  updated_at   timestamptz NOT NULL DEFAULT now(),
  closed_at    timestamptz,
  CONSTRAINT account_slug_key UNIQUE (slug),
  CONSTRAINT account_founding_key_key UNIQUE (founding_key),
  CONSTRAINT account_slug_form CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  CONSTRAINT account_name_length CHECK (length(name) BETWEEN 1 AND 200)
);
COMMENT ON TABLE identity.account IS 'The tenant. Its id is the account_id of every other table.';
COMMENT ON COLUMN identity.account.founding_key IS 'Whoever founds an account twice with one key gets the first one again.';
COMMENT ON COLUMN identity.account.time_zone IS 'IANA name; days, periods and schedules of the account are counted in it.';

-- ----------------------------------------------------------------------------------- persons and proofs

CREATE TABLE identity."user" (
  id                  uuid PRIMARY KEY,
  email               text NOT NULL,
  email_key           text NOT NULL,
  password_hash       text,
  password_changed_at timestamptz,
  first_name          text NOT NULL DEFAULT '',
  last_name           text NOT NULL DEFAULT '',
  language            text,
  revision            integer NOT NULL DEFAULT 1,
  created_at          timestamptz NOT NULL DEFAULT now(),
  updated_at          timestamptz NOT NULL DEFAULT now(),
  deactivated_at      timestamptz,
  CONSTRAINT user_email_key_key UNIQUE (email_key),
  CONSTRAINT user_email_length CHECK (length(email) BETWEEN 3 AND 254)
);
COMMENT ON TABLE identity."user" IS 'A person, once for all accounts.';
COMMENT ON COLUMN identity."user".email IS 'As the person wrote it; mail goes there.';
COMMENT ON COLUMN identity."user".email_key IS 'The address folded (case, Unicode form, ASCII domain): what makes two addresses one.';
COMMENT ON COLUMN identity."user".password_hash IS 'Argon2id in PHC form; NULL for a person who cannot sign in by password.';

CREATE TABLE identity.signing_key (
  kid            text PRIMARY KEY,
  public_jwk     jsonb NOT NULL,
  private_sealed bytea NOT NULL,
  created_at     timestamptz NOT NULL DEFAULT now(),
  retired_at     timestamptz
);
COMMENT ON TABLE identity.signing_key IS 'Ed25519 keys that sign access tokens. The newest that is not retired signs; a retired one still verifies what it signed; to distrust one at once, delete its row.';
COMMENT ON COLUMN identity.signing_key.private_sealed IS 'The private JWK, AES-256-GCM under MASTER_KEY.';

-- ------------------------------------------------------------------------------- who is in which account

CREATE TABLE identity.membership (
  account_id  uuid NOT NULL REFERENCES identity.account (id),
  user_id     uuid NOT NULL REFERENCES identity."user" (id),
  permissions text[] NOT NULL DEFAULT '{}',
  revision    integer NOT NULL DEFAULT 1,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  ended_at    timestamptz,
  PRIMARY KEY (account_id, user_id)
);
CREATE INDEX membership_user_id_idx ON identity.membership (user_id);
COMMENT ON TABLE identity.membership IS 'A user in an account. Ended, never deleted: records keep pointing at who made them.';
COMMENT ON COLUMN identity.membership.permissions IS 'Given to this member directly, beside those of the roles.';

CREATE TABLE identity.role (
  account_id       uuid NOT NULL REFERENCES identity.account (id),
  id               uuid NOT NULL,
  name             text NOT NULL,
  name_key         text NOT NULL,
  permissions      text[] NOT NULL DEFAULT '{}',
  every_permission boolean NOT NULL DEFAULT false,
  revision         integer NOT NULL DEFAULT 1,
  created_at       timestamptz NOT NULL DEFAULT now(),
  updated_at       timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, id),
  CONSTRAINT role_name_key_key UNIQUE (account_id, name_key),
  CONSTRAINT role_name_length CHECK (length(name) BETWEEN 1 AND 200)
);
COMMENT ON TABLE identity.role IS 'A named set of permissions.';
COMMENT ON COLUMN identity.role.every_permission IS 'True for administrators: also the permissions that a later release adds.';

CREATE TABLE identity.membership_role (
  account_id uuid NOT NULL,
  user_id    uuid NOT NULL,
  role_id    uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, user_id, role_id),
  CONSTRAINT membership_role_membership_fkey FOREIGN KEY (account_id, user_id)
    REFERENCES identity.membership (account_id, user_id),
  CONSTRAINT membership_role_role_fkey FOREIGN KEY (account_id, role_id)
    REFERENCES identity.role (account_id, id)
);
CREATE INDEX membership_role_role_idx ON identity.membership_role (account_id, role_id);
COMMENT ON TABLE identity.membership_role IS 'The roles of a member.';

-- --------------------------------------------------------------------------------- sessions and tokens

CREATE TABLE identity.session (
  id         uuid PRIMARY KEY,
  user_id    uuid NOT NULL REFERENCES identity."user" (id),
  account_id uuid,
  source     text,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  ended_at   timestamptz,
  end_reason text,
  CONSTRAINT session_membership_fkey FOREIGN KEY (account_id, user_id)
    REFERENCES identity.membership (account_id, user_id),
  CONSTRAINT session_end CHECK ((ended_at IS NULL) = (end_reason IS NULL)),
  CONSTRAINT session_end_reason CHECK (end_reason IN ('SIGNED_OUT', 'REUSED', 'REVOKED'))
);
CREATE INDEX session_user_id_idx ON identity.session (user_id, created_at);
CREATE INDEX session_membership_idx ON identity.session (account_id, user_id);
CREATE INDEX session_expires_at_idx ON identity.session (expires_at);
COMMENT ON TABLE identity.session IS 'One sign-in of a person into an account, and the family of refresh tokens that came of it.';
COMMENT ON COLUMN identity.session.end_reason IS 'SIGNED_OUT by the person; REUSED: an old refresh token came back; REVOKED by somebody else.';

CREATE TABLE identity.refresh_token (
  id         uuid PRIMARY KEY,
  session_id uuid NOT NULL REFERENCES identity.session (id) ON DELETE CASCADE,
  token_hash bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at    timestamptz,
  CONSTRAINT refresh_token_token_hash_key UNIQUE (token_hash),
  CONSTRAINT refresh_token_token_hash_length CHECK (octet_length(token_hash) = 32)
);
CREATE INDEX refresh_token_session_id_idx ON identity.refresh_token (session_id);
COMMENT ON TABLE identity.refresh_token IS 'Each is good for one refresh. One that comes back after its use ends the session.';
COMMENT ON COLUMN identity.refresh_token.token_hash IS 'SHA-256 of 32 random bytes: nothing to guess, so no slow hash.';

CREATE TABLE identity.api_token (
  account_id   uuid NOT NULL,
  id           uuid NOT NULL,
  user_id      uuid NOT NULL,
  name         text NOT NULL,
  prefix       text NOT NULL,
  token_hash   bytea NOT NULL,
  permissions  text[] NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  expires_at   timestamptz NOT NULL,
  last_used_at timestamptz,
  revoked_at   timestamptz,
  PRIMARY KEY (account_id, id),
  CONSTRAINT api_token_membership_fkey FOREIGN KEY (account_id, user_id)
    REFERENCES identity.membership (account_id, user_id),
  CONSTRAINT api_token_token_hash_key UNIQUE (token_hash),
  CONSTRAINT api_token_token_hash_length CHECK (octet_length(token_hash) = 32),
  CONSTRAINT api_token_name_length CHECK (length(name) BETWEEN 1 AND 200)
);
CREATE INDEX api_token_membership_idx ON identity.api_token (account_id, user_id, id);
COMMENT ON TABLE identity.api_token IS 'Named tokens of a member, for notebooks and partners. The token itself is shown once and kept as SHA-256.';
COMMENT ON COLUMN identity.api_token.permissions IS 'What the token may do at most; what its member may not do, the token may not either.';

CREATE TABLE identity.sign_in_attempt (
  id           uuid PRIMARY KEY,
  address_hash bytea NOT NULL,
  source       text NOT NULL,
  at           timestamptz NOT NULL DEFAULT now(),
  outcome      text NOT NULL,
  CONSTRAINT sign_in_attempt_outcome CHECK (outcome IN ('PENDING', 'FAILED', 'SUCCEEDED', 'REFUSED'))
);
CREATE INDEX sign_in_attempt_address_idx ON identity.sign_in_attempt (address_hash, at);
CREATE INDEX sign_in_attempt_source_idx ON identity.sign_in_attempt (source, at);
CREATE INDEX sign_in_attempt_at_idx ON identity.sign_in_attempt (at);
COMMENT ON TABLE identity.sign_in_attempt IS 'What the limits on sign-in count. Kept 30 days.';
COMMENT ON COLUMN identity.sign_in_attempt.address_hash IS 'SHA-256 of the folded address: unknown addresses are nobody''s consent to keep.';
COMMENT ON COLUMN identity.sign_in_attempt.outcome IS 'PENDING counts as FAILED until the password is checked; REFUSED counts for nothing, else refusing would never end.';

-- ------------------------------------------------------------- contract views, read by packages/viewer

CREATE VIEW identity.viewer_rights AS
SELECT m.account_id,
       m.user_id,
       ARRAY(
         SELECT unnest(m.permissions)
         UNION
         SELECT unnest(r.permissions)
         FROM identity.membership_role mr
         JOIN identity.role r ON r.account_id = mr.account_id AND r.id = mr.role_id
         WHERE mr.account_id = m.account_id AND mr.user_id = m.user_id
       ) AS permissions,
       EXISTS (
         SELECT 1
         FROM identity.membership_role mr
         JOIN identity.role r ON r.account_id = mr.account_id AND r.id = mr.role_id
         WHERE mr.account_id = m.account_id AND mr.user_id = m.user_id AND r.every_permission
       ) AS every_permission
FROM identity.membership m
JOIN identity."user" u ON u.id = m.user_id AND u.deactivated_at IS NULL
JOIN identity.account a ON a.id = m.account_id AND a.closed_at IS NULL
WHERE m.ended_at IS NULL;
COMMENT ON VIEW identity.viewer_rights IS 'Contract: one row per member who may act now. permissions: the union of direct ones and those of roles. every_permission: all there are. No row: no rights. Columns are only ever added.';

CREATE VIEW identity.viewer_session AS
SELECT s.id AS session_id, s.account_id, s.user_id, s.expires_at
FROM identity.session s
WHERE s.ended_at IS NULL;
COMMENT ON VIEW identity.viewer_session IS 'Contract: sessions that were not ended; the reader compares expires_at with the time of the request.';

CREATE VIEW identity.viewer_token AS
SELECT t.token_hash, t.account_id, t.id AS token_id, t.user_id, t.permissions, t.expires_at, t.last_used_at
FROM identity.api_token t
WHERE t.revoked_at IS NULL;
COMMENT ON VIEW identity.viewer_token IS 'Contract: API tokens that were not revoked, found by the SHA-256 of the token.';

CREATE VIEW identity.verification_key AS
SELECT k.kid, k.public_jwk, k.created_at, k.retired_at
FROM identity.signing_key k
WHERE k.retired_at IS NULL OR k.retired_at > now() - interval '20 minutes';
COMMENT ON VIEW identity.verification_key IS 'Contract: public keys that verify access tokens. A retired key stays for as long as a token it signed can live (15 minutes) and a little more.';

CREATE FUNCTION identity.note_token_use(used_account_id uuid, used_token_id uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog
AS $$
  UPDATE identity.api_token t
  SET last_used_at = now()
  WHERE t.account_id = used_account_id AND t.id = used_token_id
    AND (t.last_used_at IS NULL OR t.last_used_at < now() - interval '1 minute')
$$;
COMMENT ON FUNCTION identity.note_token_use(uuid, uuid) IS 'Contract: says that a token was used. Callers that may not write this schema may call it; it writes at most once a minute for each token.';

-- ----------------------------------------------------------- NOTIFY, so that caches of rights are dropped
-- Channel identity_rights; the payload is 'account:<id>', 'user:<id>' or 'keys': drop what depends on it.
-- Equal payloads of one transaction arrive once, so a bulk change of roles is one message.

CREATE FUNCTION identity.notify_account_rights() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    PERFORM pg_notify('identity_rights', 'account:' || OLD.account_id);
  ELSE
    PERFORM pg_notify('identity_rights', 'account:' || NEW.account_id);
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION identity.notify_user_rights() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('identity_rights', 'user:' || OLD.user_id);
  RETURN NULL;
END $$;

CREATE FUNCTION identity.notify_record_rights() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('identity_rights', TG_ARGV[0] || ':' || OLD.id);
  RETURN NULL;
END $$;

CREATE FUNCTION identity.notify_keys() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('identity_rights', 'keys');
  RETURN NULL;
END $$;

CREATE TRIGGER membership_rights AFTER INSERT OR UPDATE OR DELETE ON identity.membership
  FOR EACH ROW EXECUTE FUNCTION identity.notify_account_rights();
CREATE TRIGGER membership_role_rights AFTER INSERT OR UPDATE OR DELETE ON identity.membership_role
  FOR EACH ROW EXECUTE FUNCTION identity.notify_account_rights();
CREATE TRIGGER role_rights AFTER UPDATE OF permissions, every_permission OR DELETE ON identity.role
  FOR EACH ROW EXECUTE FUNCTION identity.notify_account_rights();
CREATE TRIGGER account_rights AFTER UPDATE OF closed_at OR DELETE ON identity.account
  FOR EACH ROW EXECUTE FUNCTION identity.notify_record_rights('account');
CREATE TRIGGER user_rights AFTER UPDATE OF deactivated_at OR DELETE ON identity."user"
  FOR EACH ROW EXECUTE FUNCTION identity.notify_record_rights('user');
CREATE TRIGGER session_rights AFTER UPDATE OF ended_at, expires_at OR DELETE ON identity.session
  FOR EACH ROW EXECUTE FUNCTION identity.notify_user_rights();
CREATE TRIGGER api_token_rights AFTER UPDATE OF revoked_at, expires_at, permissions OR DELETE ON identity.api_token
  FOR EACH ROW EXECUTE FUNCTION identity.notify_user_rights();
CREATE TRIGGER signing_key_rights AFTER INSERT OR UPDATE OR DELETE ON identity.signing_key
  FOR EACH STATEMENT EXECUTE FUNCTION identity.notify_keys();
