-- What lists of units can ask of extra attributes, and which projects use units of a type.

-- Types: the projects that work with units of the type; null: all of them. No foreign key: projects are identity's, and
-- one that is gone is asked for by nobody.
ALTER TABLE georegistry.org_unit_type ADD COLUMN project_ids uuid[];

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
