/** Database and user by which Vault reaches the cluster; the user may do nothing but set passwords. */
export const rotationUser = "vault";
export const rotationDatabase = "vault";

/** Group of the users whose password Vault may set. */
export const rotatedGroup = "rotated";

/**
 * What the first start runs as superuser in `rotationDatabase`.
 *
 * Since PostgreSQL 16 only who made a role may change its password (manual, section 22.5), and the operator makes them. So
 * the password is set by a function with the rights of its owner, and only for members of one group.
 */
export const rotationSql: readonly string[] = [
  `CREATE ROLE ${rotatedGroup} NOLOGIN`,
  `CREATE FUNCTION public.set_password(username name, password text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
  IF NOT EXISTS (
    SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member
    WHERE m.roleid = '${rotatedGroup}'::regrole AND r.rolname = username AND NOT r.rolsuper
  ) THEN
    RAISE EXCEPTION 'Vault may not set the password of %', username;
  END IF;
  EXECUTE format('ALTER ROLE %I PASSWORD %L', username, password);
END $body$`,
  "REVOKE ALL ON FUNCTION public.set_password(name, text) FROM PUBLIC",
  `GRANT EXECUTE ON FUNCTION public.set_password(name, text) TO ${rotationUser}`,
];

/** Vault's statement for a rotation; it fills the names in (OpenBao documentation, "PostgreSQL database plugin"). */
export const rotationStatement = `SELECT public.set_password('{{name}}', '{{password}}')`;
