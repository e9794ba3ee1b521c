-- Four database roles, so that the program itself can neither change nor delete what is on record (审计), nor switch off
-- the triggers that refuse it. Run as a superuser in the installation's database: once when it is empty, and again
-- after each `manage.py migrate`. Give the roles passwords or a peer mapping of your own.
--
--   haiyan_owner    owns the tables; only `manage.py prepare` and `migrate` run as it (DATABASE_URL of that one command)
--   haiyan_app      the web server and the task worker: DATABASE_URL of the service
--   haiyan_auditor  reads the audit trail and the revisions with its own tools, nothing else
--   haiyan_backup   pg_dump: reads everything, writes nothing
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['haiyan_owner', 'haiyan_app', 'haiyan_auditor', 'haiyan_backup'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE', name);
        END IF;
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), name);
    END LOOP;
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO haiyan_owner, haiyan_app', current_database());
END $$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO haiyan_owner;
GRANT USAGE ON SCHEMA public TO haiyan_app, haiyan_auditor, haiyan_backup;

-- Everything there is belongs to the owner.
DO $$
DECLARE
    found record;
BEGIN
    FOR found IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('ALTER TABLE public.%I OWNER TO haiyan_owner', found.tablename);
    END LOOP;
    FOR found IN SELECT oid::regprocedure AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace
                 AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e') LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO haiyan_owner', found.name);
    END LOOP;
END $$;

-- The program works on rows, on tables made later too.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO haiyan_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO haiyan_app;
ALTER DEFAULT PRIVILEGES FOR ROLE haiyan_owner IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO haiyan_app;
ALTER DEFAULT PRIVILEGES FOR ROLE haiyan_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO haiyan_app;

GRANT pg_read_all_data TO haiyan_backup;

-- What is on record is only ever added; the head of the trail is moved on, never taken away.
DO $$
BEGIN
    IF to_regclass('public.bureau_auditevent') IS NOT NULL THEN
        REVOKE UPDATE, DELETE ON bureau_auditevent, indicators_revision FROM haiyan_app;
        REVOKE DELETE ON bureau_audithead FROM haiyan_app;
        REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM haiyan_app;
        GRANT SELECT ON bureau_auditevent, bureau_audithead, indicators_revision TO haiyan_auditor;
        GRANT SELECT (id, username, display_name, unit) ON bureau_user TO haiyan_auditor;
    END IF;
END $$;
