-- A role per subgraph, which writes only its own schema and what the packages of the platform own. Each subgraph's
-- connections act as their role, so a statement that reaches into another subgraph's tables is refused by the
-- database and not only in review.
--
-- Roles belong to the whole server. Where the migrating user may not create them, there are none, and connections act
-- as the user they signed in as.

CREATE FUNCTION platform.grant_subgraph_roles() RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  subgraph text;
  schema_name text;
  role_name text;
  view_name text;
BEGIN
  FOREACH subgraph IN ARRAY ARRAY['identity', 'georegistry', 'datasets', 'submissions'] LOOP
    role_name := 'iroko_' || subgraph;
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL; -- another database of this server made it
    END;
    EXECUTE format('GRANT %I TO CURRENT_USER', role_name);
    FOREACH schema_name IN ARRAY ARRAY['identity', 'georegistry', 'datasets', 'submissions', 'platform'] LOOP
      EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', schema_name, role_name);
      EXECUTE format('GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA %I TO %I', schema_name, role_name);
    END LOOP;
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO %I', subgraph, role_name);
    EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA %I TO %I', subgraph, role_name);
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %I',
      subgraph, role_name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA platform TO %I', role_name);
    EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA platform TO %I', role_name);
    -- What others may read of a subgraph is its views: its contract.
    FOR view_name IN
      SELECT format('%I.%I', v.schemaname, v.viewname) FROM pg_views v
      WHERE v.schemaname IN ('identity', 'georegistry', 'datasets', 'submissions')
    LOOP
      EXECUTE format('GRANT SELECT ON %s TO %I', view_name, role_name);
    END LOOP;
  END LOOP;
END $$;
COMMENT ON FUNCTION platform.grant_subgraph_roles() IS
  'Makes the roles of the subgraphs and gives them their rights. Run again by each migration that adds a view.';
REVOKE ALL ON FUNCTION platform.grant_subgraph_roles() FROM PUBLIC;

DO $$
BEGIN
  IF (SELECT r.rolsuper OR r.rolcreaterole FROM pg_roles r WHERE r.rolname = current_user) THEN
    PERFORM platform.grant_subgraph_roles();
  END IF;
END $$;

-- A job that is cancelled stops the statement it is in. Roles may not cancel each other's statements, and the
-- connections of a subgraph act as its role but belong to the user who signed in.
CREATE FUNCTION platform.cancel_statement(pid integer) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog
AS $$
  SELECT pg_cancel_backend(a.pid) FROM pg_stat_activity a
  WHERE a.pid = cancel_statement.pid AND a.datname = current_database() AND a.application_name LIKE 'iroko %'
$$;
COMMENT ON FUNCTION platform.cancel_statement(integer) IS
  'Cancels what a connection of Iroko to this database is executing; answers nothing for any other connection.';
