-- Makes the backend's login, and sees off the ones before it. Each password has a login of its own: both are valid while the
-- pods roll, so that no connection is refused. All of them act as one role, which owns the database and is no superuser.
\getenv login DATABASE_USER
\getenv password DATABASE_PASSWORD
\set owner :USER '_owner'
BEGIN;
-- Any number will do: two Jobs of one release must not meet.
SELECT pg_advisory_xact_lock(8026370378236782440) \g /dev/null
SELECT format('CREATE ROLE %I', wanted) FROM unnest(ARRAY[:'owner', :'login']) AS wanted
  WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) \gexec
ALTER ROLE :"login" LOGIN PASSWORD :'password' VALID UNTIL 'infinity';
GRANT :"owner" TO :"login";
ALTER ROLE :"login" IN DATABASE :"DBNAME" SET role TO :'owner';
ALTER DATABASE :"DBNAME" OWNER TO :"owner";
-- Tables that were made while the application was the superuser.
SELECT format('ALTER TABLE %s OWNER TO %I', oid::regclass, :'owner') FROM pg_class
  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relowner <> :'owner'::regrole \gexec
-- The others: five more minutes for pods that still connect with them, longer than a rollout may take. One that is over and
-- unused is dropped. A rollback makes its own login again.
SELECT CASE WHEN isfinite(coalesce(valuntil, 'infinity'))
    THEN format('DROP ROLE %I', usename)
    ELSE format('ALTER ROLE %I VALID UNTIL %L', usename, now() + interval '5 minutes') END
  FROM pg_user JOIN pg_auth_members ON member = usesysid AND roleid = :'owner'::regrole
  WHERE usename <> :'login' AND (NOT isfinite(coalesce(valuntil, 'infinity'))
    OR valuntil < now() AND NOT EXISTS (SELECT FROM pg_stat_activity active WHERE active.usename = pg_user.usename)) \gexec
COMMIT;
