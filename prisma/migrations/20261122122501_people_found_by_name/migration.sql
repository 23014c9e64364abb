-- People are found by a part of their name or organization, by the key that all text is matched by.

ALTER TABLE identity."user" ADD COLUMN search_key text NOT NULL DEFAULT '';
COMMENT ON COLUMN identity."user".search_key IS 'The key of first name, last name and organization, by which people are searched for.';

-- As near to that key as SQL comes; whoever changes their profile gets the very one.
UPDATE identity."user"
SET search_key = btrim(regexp_replace(
  lower(public.unaccent(concat_ws(' ', first_name, last_name, organization))), '\s+', ' ', 'g'));
