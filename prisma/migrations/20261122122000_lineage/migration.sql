-- Lineage: which units took the place of which, in the words of operations (split, merge, replace, close) that were done
-- in a draft and came into effect with its release.
--
-- A unit that an operation ended and that does not stand any more is answered for by the successors of that operation,
-- and so on. Successors stood when it was done, so what ended them is a later operation: a walk over rising numbers
-- never comes back.

CREATE TABLE georegistry.lineage (
  account_id     uuid NOT NULL,
  id             uuid NOT NULL,
  data_source_id uuid NOT NULL,
  -- The draft in which it was done. Discarding that draft takes the record along.
  version_number integer NOT NULL,
  -- Counts the operations of the source in the order in which they were done.
  number         integer NOT NULL,
  kind           text NOT NULL CONSTRAINT lineage_kind CHECK (kind IN ('SPLIT', 'MERGE', 'REPLACE', 'CLOSE')),
  -- What became of the predecessors: closed by date, taken out of the version, or (of a split) kept beside the parts.
  ending         text NOT NULL CONSTRAINT lineage_ending CHECK (ending IN ('CLOSED', 'REMOVED', 'KEPT')),
  effective_on   date NOT NULL,
  reason         text NOT NULL CONSTRAINT lineage_reason_length CHECK (length(reason) BETWEEN 1 AND 1000),
  made_by        uuid,
  made_at        timestamptz NOT NULL DEFAULT now(),
  -- The job that did it, where so many units went along that a request would have waited too long.
  job_id         uuid,
  -- How many units came below another parent, and how many were closed with the one above them.
  moved          integer NOT NULL DEFAULT 0,
  closed_along   integer NOT NULL DEFAULT 0,
  PRIMARY KEY (account_id, id),
  CONSTRAINT lineage_number UNIQUE (account_id, data_source_id, number),
  CONSTRAINT lineage_kept CHECK (ending <> 'KEPT' OR kind = 'SPLIT'),
  CONSTRAINT lineage_version FOREIGN KEY (account_id, data_source_id, version_number)
    REFERENCES georegistry.source_version (account_id, data_source_id, number) ON DELETE CASCADE,
  CONSTRAINT lineage_made_by FOREIGN KEY (account_id, made_by)
    REFERENCES identity.membership (account_id, user_id)
);
CREATE INDEX lineage_version ON georegistry.lineage (account_id, data_source_id, version_number, number);
CREATE INDEX lineage_made_by ON georegistry.lineage (account_id, made_by);
COMMENT ON TABLE georegistry.lineage IS 'One split, merge, replacement or closing of units.';

-- The units that took part.
CREATE TABLE georegistry.lineage_unit (
  account_id     uuid NOT NULL,
  lineage_id     uuid NOT NULL,
  unit_id        uuid NOT NULL,
  data_source_id uuid NOT NULL,
  role           text NOT NULL CONSTRAINT lineage_unit_role
    CHECK (role IN ('PREDECESSOR', 'SUCCESSOR', 'CLOSED_ALONG', 'MOVED')),
  -- The order in which they were named, from 0.
  position       integer NOT NULL,
  -- The unit does not stand after the operation.
  ended          boolean NOT NULL,
  is_new         boolean NOT NULL DEFAULT false,
  -- As predecessors were called; what was recorded under these is found by them.
  name           text NOT NULL DEFAULT '',
  code           text NOT NULL DEFAULT '',
  -- The revision that the operation left; while it lasts the operation can be undone.
  revision       integer NOT NULL,
  -- What the draft said of the unit before, to undo it: the content, and where it stood.
  content_before jsonb CONSTRAINT lineage_unit_content CHECK (jsonb_typeof(content_before) = 'object'),
  parent_before  uuid,
  parent_after   uuid,
  PRIMARY KEY (account_id, lineage_id, unit_id),
  CONSTRAINT lineage_unit_lineage FOREIGN KEY (account_id, lineage_id)
    REFERENCES georegistry.lineage (account_id, id) ON DELETE CASCADE,
  CONSTRAINT lineage_unit_unit FOREIGN KEY (account_id, unit_id) REFERENCES georegistry.org_unit (account_id, id)
);
CREATE INDEX lineage_unit_unit ON georegistry.lineage_unit (account_id, unit_id, lineage_id);
-- Of an operation that moved thousands, those that were named.
CREATE INDEX lineage_unit_named ON georegistry.lineage_unit (account_id, lineage_id, role, position)
  WHERE role IN ('PREDECESSOR', 'SUCCESSOR');
CREATE INDEX lineage_unit_code ON georegistry.lineage_unit (account_id, data_source_id, code)
  WHERE role = 'PREDECESSOR' AND code <> '';
COMMENT ON TABLE georegistry.lineage_unit IS 'A unit of an operation: what was there before it, what is there after it, what moved or was closed along.';

-- What others may ask: which unit follows which, as released.
CREATE VIEW georegistry.unit_succession AS
SELECT p.account_id, p.unit_id AS predecessor_id, s.unit_id AS successor_id, p.data_source_id, l.id AS lineage_id,
  l.number, l.version_number, l.kind, p.ended, l.effective_on
FROM georegistry.lineage_unit p
JOIN georegistry.lineage l ON l.account_id = p.account_id AND l.id = p.lineage_id
JOIN georegistry.data_source d ON d.account_id = p.account_id AND d.id = p.data_source_id AND d.deleted_at IS NULL
JOIN georegistry.lineage_unit s ON s.account_id = p.account_id AND s.lineage_id = p.lineage_id AND s.role = 'SUCCESSOR'
WHERE p.role = 'PREDECESSOR'
  AND l.version_number <= coalesce(d.chosen_version_number, d.released_version_number);
COMMENT ON VIEW georegistry.unit_succession IS 'Contract: one row per pair of a predecessor and a successor of an operation that the current version has. ended: the predecessor does not stand after it. version_number: the version with which it came into effect; what arrived under an earlier one came before it. Columns are only ever added.';

-- Of public sources, what was released; who did it and why is nobody else's.
CREATE VIEW georegistry.public_lineage AS
SELECT l.account_id, l.id, l.data_source_id, l.version_number, l.number, l.kind, l.ending, l.effective_on,
  ''::text AS reason, NULL::uuid AS made_by, l.made_at, NULL::uuid AS job_id, l.moved, l.closed_along
FROM georegistry.lineage l
WHERE EXISTS (SELECT FROM georegistry.public_data_source d WHERE d.account_id = l.account_id
  AND d.id = l.data_source_id AND l.version_number <= d.released_version_number);

CREATE VIEW georegistry.public_lineage_unit AS
SELECT u.account_id, u.lineage_id, u.unit_id, u.data_source_id, u.role, u.position, u.ended, u.is_new, u.name, u.code,
  u.revision, NULL::jsonb AS content_before, u.parent_before, u.parent_after
FROM georegistry.lineage_unit u
WHERE EXISTS (SELECT FROM georegistry.public_lineage l WHERE l.account_id = u.account_id AND l.id = u.lineage_id);

DO $$
BEGIN
  IF (SELECT r.rolsuper OR r.rolcreaterole FROM pg_roles r WHERE r.rolname = current_user) THEN
    PERFORM platform.grant_subgraph_roles();
  END IF;
END $$;
