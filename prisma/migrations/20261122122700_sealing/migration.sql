-- Sealing in one way to the database: what a reader waits for is a commit, one statement and a query.

CREATE FUNCTION platform.seal_changes(
  account uuid, most integer, channel text, OUT sealed integer, OUT oldest timestamptz)
LANGUAGE plpgsql AS $$
DECLARE
  ended    platform.change_chain;
  unsealed record;
  link     bytea;
  ids      uuid[] := '{}';
  links    bytea[] := '{}';
BEGIN
  -- Held until this statement is committed, and never longer: nobody waits for a process that stands still.
  PERFORM pg_advisory_xact_lock(hashtextextended('change_chain ' || account::text, 0));
  -- Each statement from here on sees what the sealer before us committed.
  SELECT c.* INTO ended FROM platform.change_chain c WHERE c.account_id = account;
  ended.position := coalesce(ended.position, 0);
  ended.hash := coalesce(ended.hash, decode(repeat('00', 32), 'hex'));
  sealed := 0;
  link := ended.hash;
  FOR unsealed IN
    SELECT e.id, e.at, platform.change_digest(e) AS digest
    FROM platform.change_event e
    WHERE e.account_id = account AND e.position IS NULL
    ORDER BY e.entry
    LIMIT most
  LOOP
    sealed := sealed + 1;
    link := sha256(link || int8send(ended.position + sealed) || unsealed.digest);
    ids[sealed] := unsealed.id;
    links[sealed] := link;
    oldest := least(oldest, unsealed.at);
  END LOOP;
  IF sealed = 0 THEN
    RETURN;
  END IF;
  UPDATE platform.change_event e
  SET position = ended.position + s.number, previous_hash = coalesce(links[s.number - 1], ended.hash),
      hash = links[s.number]
  FROM unnest(ids) WITH ORDINALITY AS s (id, number)
  WHERE e.account_id = account AND e.id = s.id;
  INSERT INTO platform.change_chain AS c (account_id, position, hash) VALUES (account, ended.position + sealed, link)
  ON CONFLICT (account_id) DO UPDATE SET position = EXCLUDED.position, hash = EXCLUDED.hash, sealed_at = now();
  PERFORM pg_notify(channel, account::text);
END $$;
COMMENT ON FUNCTION platform.seal_changes(uuid, integer, text) IS
  'Gives at most so many committed events of an account their position and chained hash, in the order in which they were written, and tells the channel. How many, and when the oldest of them was written. One at a time per account; in READ COMMITTED.';
