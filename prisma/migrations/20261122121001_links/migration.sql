-- What people prove by mail: links, registrations, changes of address. And what somebody asked who has proven
-- nothing yet, which is answered outside the request. All of it belongs to persons, not to accounts.

CREATE TABLE identity.mail_link (
  id         uuid PRIMARY KEY,
  purpose    text NOT NULL,
  subject_id uuid NOT NULL,
  token_hash bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at    timestamptz,
  CONSTRAINT mail_link_token_hash_key UNIQUE (token_hash),
  CONSTRAINT mail_link_token_hash_length CHECK (octet_length(token_hash) = 32),
  CONSTRAINT mail_link_purpose CHECK (purpose IN (
    'RESET_PASSWORD', 'CONFIRM_REGISTRATION', 'CONFIRM_OLD_ADDRESS', 'CONFIRM_NEW_ADDRESS', 'ACCEPT_INVITATION'))
);
CREATE INDEX mail_link_subject_idx ON identity.mail_link (subject_id, purpose);
CREATE INDEX mail_link_expires_at_idx ON identity.mail_link (expires_at);
COMMENT ON TABLE identity.mail_link IS 'Links in mails. Each proves once that somebody reads the mails of an address.';
COMMENT ON COLUMN identity.mail_link.subject_id IS 'By purpose: the user, the registration, the change of address, the invitation.';
COMMENT ON COLUMN identity.mail_link.token_hash IS 'SHA-256 of 32 random bytes: nothing to guess, so no slow hash.';

CREATE TABLE identity.registration (
  id               uuid PRIMARY KEY,
  email            text NOT NULL,
  email_key        text NOT NULL,
  first_name       text NOT NULL DEFAULT '',
  last_name        text NOT NULL DEFAULT '',
  language         text,
  join_account_id  uuid REFERENCES identity.account (id),
  account_name     text,
  account_slug     text,
  account_timezone text,
  account_language text,
  created_at       timestamptz NOT NULL DEFAULT now(),
  expires_at       timestamptz NOT NULL,
  CONSTRAINT registration_email_length CHECK (length(email) BETWEEN 3 AND 254),
  CONSTRAINT registration_wish CHECK ((join_account_id IS NULL) = (account_name IS NOT NULL AND account_slug IS NOT NULL
    AND account_timezone IS NOT NULL AND account_language IS NOT NULL))
);
CREATE INDEX registration_join_account_id_idx ON identity.registration (join_account_id);
CREATE INDEX registration_expires_at_idx ON identity.registration (expires_at);
COMMENT ON TABLE identity.registration IS 'Somebody who wants to found an account or to join one, until the link in the mail is followed. There is no person before that.';

CREATE TABLE identity.email_change (
  id               uuid PRIMARY KEY,
  user_id          uuid NOT NULL REFERENCES identity."user" (id),
  new_email        text NOT NULL,
  new_email_key    text NOT NULL,
  old_confirmed_at timestamptz,
  new_confirmed_at timestamptz,
  created_at       timestamptz NOT NULL DEFAULT now(),
  expires_at       timestamptz NOT NULL,
  done_at          timestamptz,
  CONSTRAINT email_change_new_email_length CHECK (length(new_email) BETWEEN 3 AND 254)
);
CREATE INDEX email_change_user_id_idx ON identity.email_change (user_id);
CREATE INDEX email_change_expires_at_idx ON identity.email_change (expires_at);
COMMENT ON TABLE identity.email_change IS 'A new address that somebody wants. It is theirs when the mails to both addresses were answered.';

CREATE TABLE identity.unproven_request (
  id           uuid PRIMARY KEY,
  kind         text NOT NULL,
  address_hash bytea NOT NULL,
  source       text NOT NULL,
  at           timestamptz NOT NULL DEFAULT clock_timestamp(),
  details      jsonb,
  request_id   text NOT NULL,
  attempts     integer NOT NULL DEFAULT 0,
  next_at      timestamptz NOT NULL DEFAULT now(),
  done_at      timestamptz,
  CONSTRAINT unproven_request_kind CHECK (kind IN ('RESET_PASSWORD', 'REGISTER', 'SIGN_IN_FAILED')),
  CONSTRAINT unproven_request_details CHECK ((done_at IS NULL) = (details IS NOT NULL))
);
CREATE INDEX unproven_request_due_idx ON identity.unproven_request (next_at) WHERE done_at IS NULL;
CREATE INDEX unproven_request_address_idx ON identity.unproven_request (address_hash, at);
CREATE INDEX unproven_request_source_idx ON identity.unproven_request (source, at);
CREATE INDEX unproven_request_at_idx ON identity.unproven_request (at);
COMMENT ON TABLE identity.unproven_request IS 'What somebody asked who has not proven who they are. It is written the same way whether or not there is such a person, and looked into after the answer, so that neither words nor time tell which addresses exist. Kept a day, for the limits.';
COMMENT ON COLUMN identity.unproven_request.details IS 'The address and what is asked; gone when it is done: unknown addresses are nobody''s consent to keep.';

ALTER TABLE identity.account ADD COLUMN allowed_mail_domains text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN identity.account.allowed_mail_domains IS 'Whoever confirms an address of one of these domains may join by themselves, without any permission at first. ASCII, lower case.';

ALTER TABLE identity."user" ADD COLUMN deleted_at timestamptz;
COMMENT ON COLUMN identity."user".deleted_at IS 'When the person deleted themselves: name, address and password are gone, the row stays for the records that point at it.';
