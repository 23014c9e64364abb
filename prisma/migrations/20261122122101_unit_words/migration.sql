-- The words of what is written, gathered in one pass by hashing: sorting them took most of the time (docs/benchmarks.md).
-- Bytes are compared, so that no locale is asked.
CREATE OR REPLACE FUNCTION georegistry.note_unit_words() RETURNS trigger
LANGUAGE plpgsql SET enable_sort = off AS $$
BEGIN
  INSERT INTO georegistry.unit_word (account_id, data_source_id, word)
  SELECT x.account_id, x.data_source_id, x.word
  FROM (
    -- As georegistry.words_of cuts them; a call for each name costs more than the cutting.
    SELECT w.account_id, w.data_source_id,
      string_to_table(translate(w.name_key, E'\n-_.,;:/()[]''"’&+#', '                  '), ' ') COLLATE "C" AS word
    FROM written w WHERE w.to_version IS NULL
    UNION ALL
    -- The lines of the aliases that follow the name in the search key.
    SELECT w.account_id, w.data_source_id, georegistry.words_of(
      array_to_string((string_to_array(w.search_key, E'\n'))[2:1 + cardinality(w.aliases)], ' '))
    FROM written w WHERE w.to_version IS NULL AND cardinality(w.aliases) > 0
  ) x
  WHERE length(x.word) BETWEEN 3 AND 64
  GROUP BY x.account_id, x.data_source_id, x.word
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
