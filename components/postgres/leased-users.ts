/** Database and user of Vault's own connection. The user may make and drop users, and nothing else. */
export const vaultUser = "vault";
export const vaultDatabase = "vault";

/** Group of the owners of databases: Vault may make users that act as one of them. */
export const consumersGroup = "consumers";

/** Group of the users that Vault made. Vault may drop these only. */
const leasedGroup = "leased";

const signatures = [
  "leases.create_user(name, text, name, timestamptz)",
  "leases.renew_user(name, timestamptz)",
  "leases.drop_user(name)",
];

/** `CREATE ROLE` has no `IF NOT EXISTS`. */
function group(role: string): string {
  return `DO $body$ BEGIN
  IF to_regrole('${role}') IS NULL THEN
    CREATE ROLE ${role} NOLOGIN;
  END IF;
END $body$`;
}

/** Condition: the role of this name is a direct member of a group, and no superuser. */
function isIn(group: string, name: string): string {
  return `EXISTS (
    SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member
    WHERE m.roleid = '${group}'::regrole AND r.rolname = ${name} AND NOT r.rolsuper
  )`;
}

/** Applications cannot keep Vault out by opening every connection. PostgreSQL has this role since version 16. */
const reservedConnections = `DO $body$ BEGIN
  IF to_regrole('pg_use_reserved_connections') IS NOT NULL THEN
    GRANT pg_use_reserved_connections TO ${vaultUser};
  END IF;
END $body$`;

const createUser = `CREATE OR REPLACE FUNCTION leases.create_user(
  username name, password text, owner name, expiration timestamptz
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
  IF NOT ${isIn(consumersGroup, "owner")} THEN
    RAISE EXCEPTION 'Vault may make no user for %', owner;
  END IF;
  EXECUTE format('CREATE ROLE %I LOGIN PASSWORD %L VALID UNTIL %L IN ROLE %I, ${leasedGroup}',
    username, password, expiration, owner);
END $body$`;

/** The password ends with the lease. Vault renews a lease beyond its first end when the settings of its role changed. */
const renewUser = `CREATE OR REPLACE FUNCTION leases.renew_user(username name, expiration timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
  IF NOT ${isIn(leasedGroup, "username")} THEN
    RAISE EXCEPTION 'Vault made no user %', username;
  END IF;
  EXECUTE format('ALTER ROLE %I VALID UNTIL %L', username, expiration);
END $body$`;

/** Options of the superuser's sessions. They take precedence over the settings that the owner of a database gave to it. */
const sessionOptions = [
  "search_path=pg_catalog",
  "role=none",
  "default_transaction_read_only=off",
  "statement_timeout=60s",
  "lock_timeout=5s",
];

/**
 * Drops a user with everything that refers to it, in every database. Its objects in the database of its application belong
 * to the owner of the database then.
 *
 * `dblink` gives each step a transaction of its own, in a session of the superuser over the local socket. The login ends
 * first, so it stays ended when a later step fails. A user could make many later steps fail: it can lock a table.
 */
const dropUser = `CREATE OR REPLACE FUNCTION leases.drop_user(username name) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
  server CONSTANT text := format('host=%s port=%s user=%s options=''${sessionOptions.map((option) => `-c${option}`).join(" ")}''',
    split_part(current_setting('unix_socket_directories'), ',', 1), current_setting('port'), current_user);
  home record;
BEGIN
  IF NOT ${isIn(leasedGroup, "username")} THEN
    RETURN;
  END IF;
  PERFORM dblink.dblink_exec(server || ' dbname=' || current_database(),
    format('ALTER ROLE %I NOLOGIN PASSWORD NULL VALID UNTIL ''-infinity''', username));
  PERFORM pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = username;
  FOR home IN
    SELECT DISTINCT d.datname, o.rolname AS owner, pg_has_role(u.oid, o.oid, 'MEMBER') AS is_own
    FROM pg_roles u
    JOIN pg_shdepend s ON s.refclassid = 'pg_authid'::regclass AND s.refobjid = u.oid
    JOIN pg_database d ON d.oid = s.dbid
    JOIN pg_roles o ON o.oid = d.datdba
    WHERE u.rolname = username
  LOOP
    PERFORM dblink.dblink_exec(server || ' dbname=' || home.datname,
      CASE WHEN home.is_own THEN format('REASSIGN OWNED BY %I TO %I;', username, home.owner) ELSE '' END
      || format('DROP OWNED BY %I', username));
  END LOOP;
  -- A login that began before its end shows up here only.
  PERFORM pg_stat_clear_snapshot();
  IF NOT (SELECT coalesce(bool_and(pg_terminate_backend(pid, 5000)), true)
      FROM pg_stat_activity WHERE usename = username) THEN
    RAISE EXCEPTION 'a session of % does not end', username;
  END IF;
  EXECUTE format('DROP OWNED BY %I', username);
  EXECUTE format('DROP ROLE %I', username);
END $body$`;

/**
 * SQL that the first start of the cluster runs as superuser in `vaultDatabase`. It can run again: this brings a cluster of
 * an older version of the platform up to date.
 *
 * Since PostgreSQL 16, only the creator of a role may grant it (manual, section 22.5), and the operator creates the owners.
 * Therefore Vault calls functions that run with the rights of the superuser and check the groups. Their schemas belong to
 * the superuser: Vault's user owns the database, and with it the schema `public`.
 *
 * The bodies are quoted as `$body$`, because Kubernetes replaces `$$` by `$` in the operator's arguments.
 */
export const leasedUsersSql: readonly string[] = [
  group(consumersGroup),
  group(leasedGroup),
  "CREATE SCHEMA IF NOT EXISTS dblink",
  "CREATE EXTENSION IF NOT EXISTS dblink SCHEMA dblink",
  "CREATE SCHEMA IF NOT EXISTS leases",
  createUser,
  renewUser,
  dropUser,
  ...signatures.map((each) => `REVOKE ALL ON FUNCTION ${each} FROM PUBLIC`),
  ...signatures.map((each) => `GRANT EXECUTE ON FUNCTION ${each} TO ${vaultUser}`),
  `GRANT USAGE ON SCHEMA leases TO ${vaultUser}`,
  reservedConnections,
  "DROP FUNCTION IF EXISTS public.create_user(name, text, name), public.drop_user(name)",
];

/** Vault's statements for a lease. Vault fills in the names (OpenBao documentation, "PostgreSQL database plugin"). */
export interface LeaseStatements {
  readonly creation: string;
  readonly renewal: string;
  readonly revocation: string;
}

export function leaseStatements(owner: string): LeaseStatements {
  return {
    creation: `SELECT leases.create_user('{{name}}', '{{password}}', '${owner}', '{{expiration}}')`,
    renewal: `SELECT leases.renew_user('{{name}}', '{{expiration}}')`,
    revocation: `SELECT leases.drop_user('{{name}}')`,
  };
}
