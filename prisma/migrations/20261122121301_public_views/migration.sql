-- What everybody may read: released versions of sources that are marked public, and what they show. An anonymous
-- request reads tables through these views alone (packages/database/src/public); a table without one refuses it. Each
-- has the columns of its table: whoever adds a column adds it here too, and a test compares.

CREATE VIEW georegistry.public_data_source AS
SELECT d.account_id, d.id, d.name, d.name_key, d.description, d.read_only, d.public, d.time_zone,
  d.chosen_version_number, d.released_version_number, NULL::integer AS draft_version_number, d.next_unit_number,
  d.revision, d.created_at, d.updated_at, d.deleted_at
FROM georegistry.data_source d
WHERE d.public AND d.deleted_at IS NULL AND d.released_version_number IS NOT NULL;

CREATE VIEW georegistry.public_source_version AS
SELECT v.account_id, v.id, v.data_source_id, v.number, v.status, v.name, v.description, v.created_at, v.released_at,
  NULL::uuid AS held_by_job_id
FROM georegistry.source_version v
WHERE v.status = 'RELEASED' AND EXISTS (
  SELECT FROM georegistry.public_data_source d WHERE d.account_id = v.account_id AND d.id = v.data_source_id);

CREATE VIEW georegistry.public_org_unit_state AS
SELECT s.* FROM georegistry.org_unit_state s
WHERE EXISTS (SELECT FROM georegistry.public_data_source d WHERE d.account_id = s.account_id
  AND d.id = s.data_source_id AND s.from_version <= d.released_version_number);

CREATE VIEW georegistry.public_org_unit_path AS
SELECT p.* FROM georegistry.org_unit_path p
WHERE EXISTS (SELECT FROM georegistry.public_data_source d WHERE d.account_id = p.account_id
  AND d.id = p.data_source_id AND p.from_version <= d.released_version_number);

CREATE VIEW georegistry.public_org_unit_removal AS
SELECT r.* FROM georegistry.org_unit_removal r
WHERE EXISTS (SELECT FROM georegistry.public_data_source d WHERE d.account_id = r.account_id
  AND d.id = r.data_source_id AND r.version_number <= d.released_version_number);

CREATE VIEW georegistry.public_org_unit AS
SELECT u.* FROM georegistry.org_unit u
WHERE EXISTS (SELECT FROM georegistry.public_org_unit_state s WHERE s.account_id = u.account_id AND s.unit_id = u.id);

CREATE VIEW georegistry.public_org_unit_type AS
SELECT t.account_id, t.id, t.name, t.name_key, t.short_name, t.depth, t.revision, t.created_at, t.updated_at,
  t.category, t.limits_sub_types, NULL::uuid[] AS creator_role_ids, '{}'::uuid[] AS reference_form_ids, t.deleted_at
FROM georegistry.org_unit_type t
WHERE EXISTS (SELECT FROM georegistry.public_data_source d
  JOIN georegistry.org_unit_state s ON s.account_id = d.account_id AND s.data_source_id = d.id AND s.type_id = t.id
    AND s.from_version <= d.released_version_number
  WHERE d.account_id = t.account_id);

CREATE VIEW georegistry.public_org_unit_sub_type AS
SELECT e.* FROM georegistry.org_unit_sub_type e
WHERE EXISTS (SELECT FROM georegistry.public_org_unit_type t WHERE t.account_id = e.account_id AND t.id = e.child_type_id);

CREATE VIEW georegistry.public_group AS
SELECT g.* FROM georegistry."group" g
WHERE EXISTS (SELECT FROM georegistry.public_data_source d WHERE d.account_id = g.account_id AND d.id = g.data_source_id)
  AND g.deleted_at IS NULL;

CREATE VIEW georegistry.public_group_set AS
SELECT t.* FROM georegistry.group_set t
WHERE EXISTS (SELECT FROM georegistry.public_data_source d WHERE d.account_id = t.account_id AND d.id = t.data_source_id)
  AND t.deleted_at IS NULL;

CREATE VIEW georegistry.public_group_set_group AS
SELECT m.* FROM georegistry.group_set_group m
WHERE EXISTS (SELECT FROM georegistry.public_group_set t WHERE t.account_id = m.account_id AND t.id = m.group_set_id);

CREATE VIEW georegistry.public_shape AS
SELECT h.* FROM georegistry.shape h
WHERE EXISTS (SELECT FROM georegistry.public_org_unit_state s WHERE s.account_id = h.account_id AND s.shape_hash = h.hash);

CREATE VIEW georegistry.public_shape_level AS
SELECT l.* FROM georegistry.shape_level l
WHERE EXISTS (SELECT FROM georegistry.public_org_unit_state s WHERE s.account_id = l.account_id AND s.shape_hash = l.hash);

-- An anonymous request names its account by its slug.
CREATE VIEW identity.named_account AS
SELECT a.id AS account_id, a.slug FROM identity.account a WHERE a.closed_at IS NULL;
COMMENT ON VIEW identity.named_account IS 'Contract: open accounts by the name that addresses and headers use.';

DO $$
BEGIN
  IF (SELECT r.rolsuper OR r.rolcreaterole FROM pg_roles r WHERE r.rolname = current_user) THEN
    PERFORM platform.grant_subgraph_roles();
  END IF;
END $$;
