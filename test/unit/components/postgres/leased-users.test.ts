import assert from "node:assert/strict";
import {
  consumersGroup,
  leasedUsersSql,
  leaseStatements,
  vaultUser,
} from "../../../../components/postgres/leased-users.ts";

const sql = leasedUsersSql.join(";\n");

describe("the users that Vault makes in PostgreSQL", () => {
  it("are made and dropped by functions that run with the rights of their owner and look names up in the system's schema only", () => {
    assert.equal(sql.match(/SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS/g)?.length, 2);
  });

  it("are made for the group of consumers only, and never for a superuser", () => {
    assert.match(
      sql,
      new RegExp(`m\\.roleid = '${consumersGroup}'::regrole AND r\\.rolname = owner AND NOT r\\.rolsuper`),
    );
    assert.match(sql, /RAISE EXCEPTION 'Vault may make no user for %', owner/);
  });

  it("are the only users that Vault can drop", () => {
    assert.match(
      sql,
      /m\.roleid = 'leased'::regrole AND r\.rolname = username\s+\) THEN\s+EXECUTE format\('DROP ROLE %I'/,
    );
  });

  it("have quoted names and a quoted password", () => {
    assert.match(sql, /format\('CREATE ROLE %I LOGIN PASSWORD %L IN ROLE %I, leased', username, password, owner\)/);
  });

  it("are made and dropped by Vault's user, and by no other", () => {
    const rights = leasedUsersSql.filter((statement) => /^(GRANT|REVOKE)/.test(statement));
    assert.deepEqual(rights, [
      "REVOKE ALL ON FUNCTION public.create_user(name, text, name) FROM PUBLIC",
      `GRANT EXECUTE ON FUNCTION public.create_user(name, text, name) TO ${vaultUser}`,
      "REVOKE ALL ON FUNCTION public.drop_user(name) FROM PUBLIC",
      `GRANT EXECUTE ON FUNCTION public.drop_user(name) TO ${vaultUser}`,
    ]);
  });

  it("are made by statements in which Vault fills in the names", () => {
    assert.deepEqual(leaseStatements("hydra"), {
      creation: "SELECT public.create_user('{{name}}', '{{password}}', 'hydra')",
      revocation: "SELECT public.drop_user('{{name}}')",
    });
  });

  it("never have two dollar signs side by side, which Kubernetes replaces by one", () => {
    assert(!sql.includes("$$"));
  });
});
