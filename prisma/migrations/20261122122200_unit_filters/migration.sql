-- What lists of units can ask of extra attributes, and which projects use units of a type.

-- Types: the projects that work with units of the type; null: all of them. No foreign key: projects are identity's, and
-- one that is gone is asked for by nobody.
ALTER TABLE georegistry.org_unit_type ADD COLUMN project_ids uuid[];

CREATE OR REPLACE VIEW georegistry.public_org_unit_type AS
SELECT t.account_id, t.id, t.name, t.name_key, t.short_name, t.depth, t.revision, t.created_at, t.updated_at,
  t.category, t.limits_sub_types, NULL::uuid[] AS creator_role_ids, '{}'::uuid[] AS reference_form_ids, t.deleted_at,
  NULL::uuid[] AS project_ids
FROM georegistry.org_unit_type t
WHERE EXISTS (SELECT FROM georegistry.public_data_source d
  JOIN georegistry.org_unit_state s ON s.account_id = d.account_id AND s.data_source_id = d.id AND s.type_id = t.id
    AND s.from_version <= d.released_version_number
  WHERE d.account_id = t.account_id);

-- Units that have an attribute, or one with a value. Keys and values stand in it apart, so one index serves both.
CREATE INDEX org_unit_state_attributes ON georegistry.org_unit_state USING gin (attributes)
  WHERE attributes IS NOT NULL;

-- A value as it is looked for: accents and the capitals of Latin letters folded, the same on every server. It only
-- has to be the same on both sides of a comparison, so it is no stored key.
CREATE FUNCTION georegistry.folded_value(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  -- Most values are plain: as many bytes as letters.
  SELECT CASE WHEN octet_length(value) = length(value) THEN lower(value COLLATE "C")
    ELSE lower(translate(
      replace(replace(replace(replace(replace(
        regexp_replace(normalize(value, NFKD) COLLATE "C", U&'[\0300-\036F]', '', 'g'),
        'ß', 'ss'), 'æ', 'ae'), 'Æ', 'ae'), 'œ', 'oe'), 'Œ', 'oe'),
      'øØđĐðÐłŁħĦŋŊıɓƁɗƊƙƘƴƳɛƐɔƆ', 'ooddddllhhnnibbddkkyyeeoo') COLLATE "C") END
$$;

-- The number that a value says, with a decimal point; null when it says none.
CREATE FUNCTION georegistry.number_of(value text) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN length(value) <= 100 AND value ~ '^ *[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,3})? *$'
    THEN value::numeric END
$$;

-- Lists in the order in which units were made.
CREATE INDEX org_unit_created ON georegistry.org_unit (account_id, data_source_id, created_at, id);

-- The words that everybody may look for. They are shown to nobody: they say how a sought word may be spelt.
CREATE FUNCTION georegistry.public_similar_words(account uuid, sources uuid[], sought text[])
RETURNS TABLE (sought_word text, found_word text)
LANGUAGE sql STABLE AS $$
  SELECT w.sought_word, w.found_word
  FROM georegistry.similar_words(account, ARRAY(SELECT d.id FROM georegistry.public_data_source d
    WHERE d.account_id = account AND d.id = ANY (sources)), sought) w
$$;
