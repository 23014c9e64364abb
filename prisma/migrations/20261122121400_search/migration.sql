-- Search that bears small misspellings, lists by code, and what lists of units may ask of submissions.

CREATE EXTENSION IF NOT EXISTS fuzzystrmatch WITH SCHEMA public;

-- Every word of the names and aliases of a source's units, folded, once. A misspelt word is looked for among these
-- few, and what it may have meant is then looked up in the units' search keys (docs/decisions/0350). Words are never taken away: one that no unit
-- bears any more finds nothing.
CREATE TABLE georegistry.unit_word (
  account_id uuid NOT NULL,
  data_source_id uuid NOT NULL,
  word text COLLATE "C" NOT NULL CONSTRAINT unit_word_length CHECK (length(word) BETWEEN 3 AND 64),
  PRIMARY KEY (account_id, data_source_id, word)
);
CREATE INDEX unit_word_trigrams ON georegistry.unit_word USING gin (word public.gin_trgm_ops);

-- The words of a folded text, as `packages/text` and the search of the georegistry cut them.
CREATE FUNCTION georegistry.words_of(key text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT string_to_table(translate(key, E'\n-_.,;:/()[]''"’&+#', '                  '), ' ')
$$;

-- Runs after the checks of the state, which hold the draft: writers of one source stand in line, and no two write
-- the same keys.
CREATE FUNCTION georegistry.note_unit_words() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO georegistry.unit_word (account_id, data_source_id, word)
  SELECT DISTINCT w.account_id, w.data_source_id, x.word
  FROM written w
  -- The name, and the lines of the aliases that follow it in the search key.
  CROSS JOIN LATERAL (
    SELECT georegistry.words_of(w.name_key) AS word
    UNION ALL
    SELECT georegistry.words_of(array_to_string((string_to_array(w.search_key, E'\n'))[2:1 + cardinality(w.aliases)], ' '))
    WHERE cardinality(w.aliases) > 0
  ) x
  WHERE w.to_version IS NULL AND length(x.word) BETWEEN 3 AND 64
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER org_unit_state_words_inserted AFTER INSERT ON georegistry.org_unit_state
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION georegistry.note_unit_words();
CREATE TRIGGER org_unit_state_words_updated AFTER UPDATE ON georegistry.org_unit_state
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION georegistry.note_unit_words();

INSERT INTO georegistry.unit_word (account_id, data_source_id, word)
SELECT DISTINCT s.account_id, s.data_source_id, x.word
FROM georegistry.org_unit_state s
CROSS JOIN LATERAL (
  SELECT georegistry.words_of(s.name_key) AS word
  UNION ALL
  SELECT georegistry.words_of(array_to_string((string_to_array(s.search_key, E'\n'))[2:1 + cardinality(s.aliases)], ' '))
  WHERE cardinality(s.aliases) > 0
) x
WHERE length(x.word) BETWEEN 3 AND 64
ON CONFLICT DO NOTHING;

-- The threshold of a function needs the extension's library.
DO $$ BEGIN PERFORM public.similarity('', ''); END $$;

-- Words of the sources that are at most two letters away from those sought, the nearest first, at most 60 for each;
-- a word of the same letters in another order counts as near as one with a letter replaced.
-- Trigrams only narrow it down: two words of five letters with two of them swapped share a fifth of theirs.
CREATE FUNCTION georegistry.similar_words(account uuid, sources uuid[], sought text[])
RETURNS TABLE (sought_word text, found_word text)
LANGUAGE sql STABLE SET pg_trgm.similarity_threshold = 0.18 AS $$
  SELECT x.word, y.word
  FROM unnest(sought) AS x (word)
  CROSS JOIN LATERAL (
    SELECT d.word FROM (
      SELECT DISTINCT w.word, public.levenshtein_less_equal(w.word, x.word, 2)
        - (length(w.word) = length(x.word) AND translate(w.word, x.word, '') = '' AND translate(x.word, w.word, '') = '')::integer
        AS edits
      FROM georegistry.unit_word w
      WHERE w.word OPERATOR(public.%) x.word AND w.account_id = account AND w.data_source_id = ANY (sources)
        AND abs(length(w.word) - length(x.word)) <= 2
        AND public.levenshtein_less_equal(w.word, x.word, 2) <= 2
    ) d
    ORDER BY d.edits, public.similarity(d.word, x.word) DESC, d.word LIMIT 60
  ) y
$$;

-- Units by their code, and lists in the order of codes.
CREATE INDEX org_unit_state_code ON georegistry.org_unit_state
  (account_id, data_source_id, (code COLLATE "C"), unit_id);

-- How many units stand at a depth: without it the planner takes every depth for as frequent.
CREATE STATISTICS georegistry.org_unit_path_depth ON (octet_length(path)) FROM georegistry.org_unit_path;

-- What other subgraphs may read of submissions in bulk: at which unit, of which form, when it came.
CREATE VIEW submissions.unit_submission AS
SELECT s.account_id, s.id AS submission_id, s.org_unit_id, s.form_id, s.received_at
FROM submissions.submission s
WHERE s.org_unit_id IS NOT NULL;
COMMENT ON VIEW submissions.unit_submission IS
  'Contract: submissions made at an org unit. One index answers which units have any, of which form, since when.';

DO $$
BEGIN
  IF (SELECT r.rolsuper OR r.rolcreaterole FROM pg_roles r WHERE r.rolname = current_user) THEN
    PERFORM platform.grant_subgraph_roles();
  END IF;
END $$;
