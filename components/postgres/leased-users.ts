/** Database and user of Vault's own connection. The user may make and drop users, and nothing else. */
export const vaultUser = "vault";
export const vaultDatabase = "vault";

/** Group of the owners of databases: Vault may make users that act as one of them. */
export const consumersGroup = "consumers";

/** Group of the users that Vault made. Vault may drop these only. */
const leasedGroup = "leased";

const signature = {
  create: "public.create_user(name, text, name)",
  drop: "public.drop_user(name)",
} as const;

/**
 * SQL that the first start of the cluster runs as superuser in `vaultDatabase`.
 *
 * Since PostgreSQL 16, only the creator of a role may grant it (manual, section 22.5), and the operator creates the owners.
 * Therefore Vault calls functions that run with the rights of the superuser and check the groups.
 *
 * The bodies are quoted as `$body$`, because Kubernetes replaces `$$` by `$` in the operator's arguments.
 */
export const leasedUsersSql: readonly string[] = [
  `CREATE ROLE ${consumersGroup} NOLOGIN`,
  `CREATE ROLE ${leasedGroup} NOLOGIN`,
  `CREATE FUNCTION public.create_user(username name, password text, owner name) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
  IF NOT EXISTS (
    SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member
    WHERE m.roleid = '${consumersGroup}'::regrole AND r.rolname = owner AND NOT r.rolsuper
  ) THEN
    RAISE EXCEPTION 'Vault may make no user for %', owner;
  END IF;
  EXECUTE format('CREATE ROLE %I LOGIN PASSWORD %L IN ROLE %I, ${leasedGroup}', username, password, owner);
END $body$`,
  `CREATE FUNCTION public.drop_user(username name) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
  IF EXISTS (
    SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member
    WHERE m.roleid = '${leasedGroup}'::regrole AND r.rolname = username
  ) THEN
    EXECUTE format('DROP ROLE %I', username);
  END IF;
END $body$`,
  ...Object.values(signature).flatMap((each) => [
    `REVOKE ALL ON FUNCTION ${each} FROM PUBLIC`,
    `GRANT EXECUTE ON FUNCTION ${each} TO ${vaultUser}`,
  ]),
];

/** Vault's statements for a lease. Vault fills in the names (OpenBao documentation, "PostgreSQL database plugin"). */
export function leaseStatements(owner: string): { readonly creation: string; readonly revocation: string } {
  return {
    creation: `SELECT public.create_user('{{name}}', '{{password}}', '${owner}')`,
    revocation: `SELECT public.drop_user('{{name}}')`,
  };
}
