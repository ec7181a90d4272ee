/** Database and user by which Vault reaches the cluster; the user may do nothing but make and drop users. */
export const vaultUser = "vault";
export const vaultDatabase = "vault";

/** Group of the owners of databases, for whom Vault may make users. */
export const consumersGroup = "consumers";

/** Group of the users that Vault made, and may drop. */
const leasedGroup = "leased";

const signature = {
  create: "public.create_user(name, text, name)",
  drop: "public.drop_user(name)",
} as const;

/**
 * What the first start runs as superuser in `vaultDatabase`.
 *
 * Since PostgreSQL 16 only who made a role may give others the rights of it (manual, section 22.5), and the operator makes
 * the owners. So users are made and dropped by functions with the rights of their owner, for members of one group.
 *
 * The bodies are quoted as `$body$`: Kubernetes makes one dollar out of two where the operator hands them on.
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

/** Vault's statements for a lease; it fills the names in (OpenBao documentation, "PostgreSQL database plugin"). */
export function leaseStatements(owner: string): { readonly creation: string; readonly revocation: string } {
  return {
    creation: `SELECT public.create_user('{{name}}', '{{password}}', '${owner}')`,
    revocation: `SELECT public.drop_user('{{name}}')`,
  };
}
