-- What the log tells of API tokens that are used: the first use, use from a place that is new to the token, use after a
-- long pause, and the use of one that proves nothing any more. Not each request: a request writes nothing.

CREATE TABLE identity.api_token_source (
  account_id    uuid NOT NULL,
  token_id      uuid NOT NULL,
  source        text NOT NULL,
  first_used_at timestamptz NOT NULL DEFAULT now(),
  last_used_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, token_id, source),
  CONSTRAINT api_token_source_token_fkey FOREIGN KEY (account_id, token_id)
    REFERENCES identity.api_token (account_id, id) ON DELETE CASCADE,
  CONSTRAINT api_token_source_length CHECK (length(source) <= 64)
);
COMMENT ON TABLE identity.api_token_source IS 'Where an API token was used in the last 30 days, so that use from elsewhere stands in the log. 100 places at most for each token; gone with its revocation.';
COMMENT ON COLUMN identity.api_token_source.source IS 'An IPv4 address, the /64 network of an IPv6 address, or empty where nobody knows.';

ALTER TABLE identity.api_token ADD COLUMN last_refused_at timestamptz;
COMMENT ON COLUMN identity.api_token.last_refused_at IS 'When the log last told that somebody sent it although it proves nothing any more.';

CREATE FUNCTION identity.note_token_use_from(used_account_id uuid, used_token_id uuid, used_from text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
  used_before timestamptz;
BEGIN
  -- Uses at one moment wait for one another, so that each place is told once.
  SELECT t.last_used_at INTO used_before FROM identity.api_token t
  WHERE t.account_id = used_account_id AND t.id = used_token_id AND t.revoked_at IS NULL
  FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN NULL; END IF;
  IF used_before IS NULL OR used_before < now() - interval '1 minute' THEN
    UPDATE identity.api_token AS t SET last_used_at = now()
    WHERE t.account_id = used_account_id AND t.id = used_token_id;
  END IF;
  UPDATE identity.api_token_source AS s
  SET last_used_at = CASE WHEN s.last_used_at < now() - interval '1 day' THEN now() ELSE s.last_used_at END
  WHERE s.account_id = used_account_id AND s.token_id = used_token_id AND s.source = used_from
    AND s.last_used_at > now() - interval '30 days';
  IF FOUND THEN RETURN NULL; END IF;
  DELETE FROM identity.api_token_source s
  WHERE s.account_id = used_account_id AND s.token_id = used_token_id
    AND s.last_used_at <= now() - interval '30 days';
  IF (SELECT count(*) FROM identity.api_token_source s
      WHERE s.account_id = used_account_id AND s.token_id = used_token_id) >= 100 THEN
    RETURN NULL;
  END IF;
  INSERT INTO identity.api_token_source (account_id, token_id, source)
  VALUES (used_account_id, used_token_id, used_from);
  RETURN CASE WHEN used_before IS NULL THEN 'FIRST_USE'
              WHEN used_before < now() - interval '30 days' THEN 'AFTER_PAUSE'
              ELSE 'NEW_SOURCE' END;
END $$;
COMMENT ON FUNCTION identity.note_token_use_from(uuid, uuid, text) IS 'Contract: says that a token was used, and from where. Answers FIRST_USE, NEW_SOURCE or AFTER_PAUSE when the log is to tell it, else NULL. Callers that may not write this schema may call it.';

CREATE FUNCTION identity.note_token_refusal(refused_hash bytea)
RETURNS TABLE (account_id uuid, token_id uuid, user_id uuid)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog
AS $$
  UPDATE identity.api_token AS t
  SET last_refused_at = now()
  WHERE t.token_hash = refused_hash
    AND (t.last_refused_at IS NULL OR t.last_refused_at < now() - interval '1 day')
  RETURNING t.account_id, t.id, t.user_id
$$;
COMMENT ON FUNCTION identity.note_token_refusal(bytea) IS 'Contract: says that a token was refused, found by its SHA-256. Answers whose it is once a day, when the log is to tell it. Callers that may not write this schema may call it.';

CREATE FUNCTION identity.forget_token_sources() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM identity.api_token_source s WHERE s.account_id = NEW.account_id AND s.token_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER api_token_sources_forgotten AFTER UPDATE OF revoked_at ON identity.api_token
  FOR EACH ROW WHEN (NEW.revoked_at IS NOT NULL) EXECUTE FUNCTION identity.forget_token_sources();

DO $$
BEGIN
  IF (SELECT r.rolsuper OR r.rolcreaterole FROM pg_roles r WHERE r.rolname = current_user) THEN
    PERFORM platform.grant_subgraph_roles();
  END IF;
END $$;
