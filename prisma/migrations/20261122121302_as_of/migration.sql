-- Which version was the newest on a day is counted in the source's time zone, else the account's.
CREATE OR REPLACE VIEW identity.named_account AS
SELECT a.id AS account_id, a.slug, a.time_zone FROM identity.account a WHERE a.closed_at IS NULL;

-- The same for anonymous requests, which name their account and may know its time zone.
CREATE VIEW identity.public_named_account AS SELECT * FROM identity.named_account;

DO $$
BEGIN
  IF (SELECT r.rolsuper OR r.rolcreaterole FROM pg_roles r WHERE r.rolname = current_user) THEN
    PERFORM platform.grant_subgraph_roles();
  END IF;
END $$;
