-- Forms, their versions, the phones that may send, what they sent, and what could not be taken.
-- Every key begins with the account. Keys cross schemas only to identity and to georegistry.org_unit.

CREATE SCHEMA submissions;

CREATE TABLE submissions.form (
  account_id uuid NOT NULL REFERENCES identity.account (id),
  id uuid NOT NULL,
  form_id text NOT NULL CHECK (form_id <> ''),
  name text NOT NULL CHECK (name <> ''),
  name_key text COLLATE "C" NOT NULL,
  -- The path of the answer that names the org unit, such as /data/orgUnit. NULL: submissions have no unit.
  unit_question text,
  revision integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  PRIMARY KEY (account_id, id),
  -- The id in the XForm is what phones know a form by, so a deleted form keeps it: it can be restored.
  CONSTRAINT form_form_id_unique UNIQUE (account_id, form_id)
);
CREATE INDEX form_name_index ON submissions.form (account_id, name_key, id);

CREATE TABLE submissions.form_version (
  account_id uuid NOT NULL,
  id uuid NOT NULL,
  form_id uuid NOT NULL,
  -- Counts the versions of one form in the order they came; the greatest is what phones are offered.
  number integer NOT NULL CHECK (number > 0),
  -- The version attribute of the XForm; '' when it has none, as OpenRosa reads it.
  version text NOT NULL,
  title text NOT NULL,
  -- The XForm exactly as uploaded: phones compare its MD5, so that not one byte may differ.
  xml text NOT NULL,
  md5 text NOT NULL CHECK (md5 ~ '^[0-9a-f]{32}$'),
  file_id uuid NOT NULL,
  root_name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, id),
  FOREIGN KEY (account_id, form_id) REFERENCES submissions.form (account_id, id),
  CONSTRAINT form_version_number_unique UNIQUE (account_id, form_id, number),
  CONSTRAINT form_version_version_unique UNIQUE (account_id, form_id, version)
);

CREATE TABLE submissions.question (
  account_id uuid NOT NULL,
  form_version_id uuid NOT NULL,
  position integer NOT NULL CHECK (position > 0),
  -- The whole path, root included: a leaf name alone is not unique.
  path text NOT NULL,
  name text NOT NULL,
  type text NOT NULL,
  required boolean NOT NULL,
  -- The path of the innermost repeat the question stands in.
  repeat_path text,
  PRIMARY KEY (account_id, form_version_id, position),
  FOREIGN KEY (account_id, form_version_id) REFERENCES submissions.form_version (account_id, id),
  CONSTRAINT question_path_unique UNIQUE (account_id, form_version_id, path)
);

CREATE TABLE submissions.app_user (
  account_id uuid NOT NULL REFERENCES identity.account (id),
  id uuid NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  -- SHA-256 of the key; the key itself is shown once and kept nowhere.
  key_hash bytea NOT NULL CHECK (octet_length(key_hash) = 32),
  created_by uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz,
  PRIMARY KEY (account_id, id),
  FOREIGN KEY (account_id, created_by) REFERENCES identity.membership (account_id, user_id),
  CONSTRAINT app_user_key_unique UNIQUE (account_id, key_hash)
);
CREATE INDEX app_user_created_by_index ON submissions.app_user (account_id, created_by);

CREATE TABLE submissions.submission (
  account_id uuid NOT NULL,
  id uuid NOT NULL,
  form_id uuid NOT NULL,
  form_version_id uuid NOT NULL,
  instance_id text NOT NULL CHECK (instance_id <> ''),
  instance_name text,
  device_id text,
  -- As sent. The hash of its bytes decides whether a second sending is the same submission.
  xml text NOT NULL,
  content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32),
  -- The answers as a tree below the root: groups are objects, repeats are lists, leaves are text.
  answers jsonb NOT NULL,
  org_unit_id uuid,
  -- The unit's source and the number of its version that was current when the submission arrived.
  unit_source_id uuid,
  unit_version integer,
  app_user_id uuid,
  created_by uuid,
  received_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, id),
  FOREIGN KEY (account_id, form_id) REFERENCES submissions.form (account_id, id),
  FOREIGN KEY (account_id, form_version_id) REFERENCES submissions.form_version (account_id, id),
  FOREIGN KEY (account_id, org_unit_id) REFERENCES georegistry.org_unit (account_id, id),
  FOREIGN KEY (account_id, app_user_id) REFERENCES submissions.app_user (account_id, id),
  FOREIGN KEY (account_id, created_by) REFERENCES identity.membership (account_id, user_id),
  CONSTRAINT submission_instance_unique UNIQUE (account_id, instance_id)
);
CREATE INDEX submission_received_index ON submissions.submission (account_id, received_at, id);
CREATE INDEX submission_form_index ON submissions.submission (account_id, form_id, received_at, id);
CREATE INDEX submission_version_index ON submissions.submission (account_id, form_version_id);
-- Counts per unit and form read this index alone.
CREATE INDEX submission_unit_index ON submissions.submission (account_id, org_unit_id, form_id, received_at, id);
CREATE INDEX submission_app_user_index ON submissions.submission (account_id, app_user_id);
CREATE INDEX submission_created_by_index ON submissions.submission (account_id, created_by);

CREATE TABLE submissions.attachment (
  account_id uuid NOT NULL,
  id uuid NOT NULL,
  submission_id uuid NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  -- NULL while an answer names the file and the phone has not sent it yet.
  file_id uuid,
  sha256 bytea CHECK (octet_length(sha256) = 32),
  content_type text,
  size bigint,
  received_at timestamptz,
  PRIMARY KEY (account_id, id),
  FOREIGN KEY (account_id, submission_id) REFERENCES submissions.submission (account_id, id),
  CONSTRAINT attachment_name_unique UNIQUE (account_id, submission_id, name),
  CHECK ((file_id IS NULL) = (sha256 IS NULL) AND (file_id IS NULL) = (received_at IS NULL))
);

-- What phones and clients sent that could not be taken. The bytes are a file, kept as they came.
CREATE TABLE submissions.quarantine (
  account_id uuid NOT NULL REFERENCES identity.account (id),
  id uuid NOT NULL,
  reason text NOT NULL,
  message text NOT NULL,
  file_id uuid NOT NULL,
  content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32),
  -- What could be read of it, as sent.
  form_id text,
  form_version text,
  instance_id text,
  app_user_id uuid,
  created_by uuid,
  first_received_at timestamptz NOT NULL DEFAULT now(),
  last_received_at timestamptz NOT NULL DEFAULT now(),
  -- A phone tries again for ever: the same bytes are one row, and this counts.
  times_received integer NOT NULL DEFAULT 1,
  -- Set when it was taken after all.
  submission_id uuid,
  PRIMARY KEY (account_id, id),
  FOREIGN KEY (account_id, app_user_id) REFERENCES submissions.app_user (account_id, id),
  FOREIGN KEY (account_id, created_by) REFERENCES identity.membership (account_id, user_id),
  FOREIGN KEY (account_id, submission_id) REFERENCES submissions.submission (account_id, id),
  CONSTRAINT quarantine_content_unique UNIQUE (account_id, content_hash)
);
CREATE INDEX quarantine_received_index ON submissions.quarantine (account_id, last_received_at, id);
CREATE INDEX quarantine_app_user_index ON submissions.quarantine (account_id, app_user_id);
CREATE INDEX quarantine_created_by_index ON submissions.quarantine (account_id, created_by);
CREATE INDEX quarantine_submission_index ON submissions.quarantine (account_id, submission_id);

-- The attachments that came with it, so that they go along when it is taken.
CREATE TABLE submissions.quarantine_attachment (
  account_id uuid NOT NULL,
  quarantine_id uuid NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
  file_id uuid NOT NULL,
  content_type text,
  size bigint NOT NULL,
  PRIMARY KEY (account_id, quarantine_id, name, sha256),
  FOREIGN KEY (account_id, quarantine_id) REFERENCES submissions.quarantine (account_id, id)
);
