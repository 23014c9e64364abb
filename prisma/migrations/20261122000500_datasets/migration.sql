-- Datasets: tables from files, with typed values, resolved org units, and rows that could not be taken.
-- All rows of all datasets stand in one table (docs/decisions says why and what it costs).

CREATE SCHEMA datasets;

CREATE TABLE datasets.dataset (
  account_id uuid NOT NULL REFERENCES identity.account (id),
  id uuid NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  name_key text COLLATE "C" NOT NULL,
  description text,
  -- Who may see it (not yet exposed): the stricter of this and the field's level.
  level text NOT NULL DEFAULT 'PRIVATE' CHECK (level IN ('OPEN_DATA', 'COMMONS', 'COLLECTIVE', 'PRIVATE')),
  -- How the org unit column is read: by which of its marks, in which data source.
  unit_by text CHECK (unit_by IN ('REFERENCE', 'NAME', 'CODE', 'ID')),
  unit_source_id uuid,
  -- The version that is read; NULL until the first one has landed.
  current_version integer,
  revision integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  PRIMARY KEY (account_id, id),
  CHECK (unit_by IS NOT NULL OR unit_source_id IS NULL),
  CHECK (unit_by IS NULL OR unit_by = 'ID' OR unit_source_id IS NOT NULL)
);
CREATE UNIQUE INDEX dataset_name_unique ON datasets.dataset (account_id, name_key) WHERE deleted_at IS NULL;
CREATE INDEX dataset_created_index ON datasets.dataset (account_id, created_at, id);

CREATE TABLE datasets.field (
  account_id uuid NOT NULL,
  id uuid NOT NULL,
  dataset_id uuid NOT NULL,
  -- The place of its value in a row, from 0. Never changes and is never used again for another field.
  slot integer NOT NULL CHECK (slot >= 0),
  -- The name in filters and sort orders.
  key text COLLATE "C" NOT NULL CHECK (key ~ '^[a-z_][a-z0-9_]*$'),
  -- The heading in the file, by which the next file's columns are found.
  heading text NOT NULL,
  type text NOT NULL CHECK (type IN ('TEXT', 'INTEGER', 'DECIMAL', 'BOOLEAN', 'DATE', 'DATE_TIME')),
  is_unit boolean NOT NULL DEFAULT false,
  level text NOT NULL DEFAULT 'PRIVATE' CHECK (level IN ('OPEN_DATA', 'COMMONS', 'COLLECTIVE', 'PRIVATE')),
  PRIMARY KEY (account_id, id),
  FOREIGN KEY (account_id, dataset_id) REFERENCES datasets.dataset (account_id, id),
  CONSTRAINT field_slot_unique UNIQUE (account_id, dataset_id, slot),
  CONSTRAINT field_key_unique UNIQUE (account_id, dataset_id, key),
  CONSTRAINT field_heading_unique UNIQUE (account_id, dataset_id, heading)
);
CREATE UNIQUE INDEX field_unit_unique ON datasets.field (account_id, dataset_id) WHERE is_unit;

CREATE TABLE datasets.dataset_version (
  account_id uuid NOT NULL,
  dataset_id uuid NOT NULL,
  number integer NOT NULL CHECK (number > 0),
  file_id uuid NOT NULL,
  -- SHA-256 over the file's bytes and how they are read: the same again is no new version.
  content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32),
  -- How the file is read: sheet, separator, encoding, decimal mark, date order.
  reading jsonb NOT NULL,
  -- The fields as they were when this version landed: its values have these types for ever.
  fields jsonb NOT NULL CHECK (jsonb_typeof(fields) = 'array'),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, dataset_id, number),
  FOREIGN KEY (account_id, dataset_id) REFERENCES datasets.dataset (account_id, id)
);
CREATE INDEX dataset_version_content_index ON datasets.dataset_version (account_id, dataset_id, content_hash);

CREATE TABLE datasets.row (
  account_id uuid NOT NULL,
  dataset_id uuid NOT NULL,
  version integer NOT NULL,
  -- Where the row begins in the file: the line of a CSV file, the row of a spreadsheet. From 1.
  number integer NOT NULL CHECK (number > 0),
  -- One typed value per slot: text, number, boolean, date or time in UTC as text, or null.
  values jsonb NOT NULL CHECK (jsonb_typeof(values) = 'array'),
  -- The folded key of each text value, null in the other slots: what text is matched and sorted by.
  keys jsonb NOT NULL CHECK (jsonb_typeof(keys) = 'array'),
  -- What stood in the file, by slot, where it was written otherwise than the value.
  written jsonb CHECK (jsonb_typeof(written) = 'object'),
  unit_id uuid,
  PRIMARY KEY (account_id, dataset_id, version, number),
  FOREIGN KEY (account_id, dataset_id, version)
    REFERENCES datasets.dataset_version (account_id, dataset_id, number),
  FOREIGN KEY (account_id, unit_id) REFERENCES georegistry.org_unit (account_id, id)
);
CREATE INDEX row_unit_index ON datasets.row (account_id, unit_id, dataset_id, version);

-- A row with a defect waits here, whole, as it stood in the file.
CREATE TABLE datasets.quarantined_row (
  account_id uuid NOT NULL,
  dataset_id uuid NOT NULL,
  version integer NOT NULL,
  number integer NOT NULL CHECK (number > 0),
  -- The written text of each slot.
  cells jsonb NOT NULL CHECK (jsonb_typeof(cells) = 'array'),
  PRIMARY KEY (account_id, dataset_id, version, number),
  FOREIGN KEY (account_id, dataset_id, version)
    REFERENCES datasets.dataset_version (account_id, dataset_id, number)
);

CREATE TABLE datasets.defect (
  account_id uuid NOT NULL,
  dataset_id uuid NOT NULL,
  version integer NOT NULL,
  number integer NOT NULL,
  slot integer NOT NULL,
  value text,
  reason text NOT NULL,
  message text NOT NULL,
  PRIMARY KEY (account_id, dataset_id, version, number, slot),
  FOREIGN KEY (account_id, dataset_id, version, number)
    REFERENCES datasets.quarantined_row (account_id, dataset_id, version, number) ON DELETE CASCADE
);

-- What a person said a value of the unit column means; it holds for the files to come as well.
CREATE TABLE datasets.unit_decision (
  account_id uuid NOT NULL,
  dataset_id uuid NOT NULL,
  value_key text COLLATE "C" NOT NULL,
  value text NOT NULL,
  org_unit_id uuid NOT NULL,
  decided_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, dataset_id, value_key),
  FOREIGN KEY (account_id, dataset_id) REFERENCES datasets.dataset (account_id, id),
  FOREIGN KEY (account_id, org_unit_id) REFERENCES georegistry.org_unit (account_id, id)
);
CREATE INDEX unit_decision_unit_index ON datasets.unit_decision (account_id, org_unit_id);
