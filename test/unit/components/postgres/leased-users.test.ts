import assert from "node:assert/strict";
import {
  consumersGroup,
  leasedUsersSql,
  leaseStatements,
  vaultUser,
} from "../../../../components/postgres/leased-users.ts";

const sql = leasedUsersSql.join(";\n");

describe("the users that Vault makes in PostgreSQL", () => {
  it("are made, renewed and dropped by functions that run with the rights of their owner and look names up in the system's schema only", () => {
    assert.equal(sql.match(/SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS/g)?.length, 3);
  });

  it("are made for the group of consumers only, and never for a superuser", () => {
    assert.match(
      sql,
      new RegExp(`m\\.roleid = '${consumersGroup}'::regrole AND r\\.rolname = owner AND NOT r\\.rolsuper`),
    );
    assert.match(sql, /RAISE EXCEPTION 'Vault may make no user for %', owner/);
  });

  it("are the only users that Vault can drop", () => {
    assert.match(sql, /m\.roleid = 'leased'::regrole AND r\.rolname = username AND NOT r\.rolsuper/);
  });

  it("have quoted names and a quoted password, which ends with the lease", () => {
    assert.match(
      sql,
      /format\('CREATE ROLE %I LOGIN PASSWORD %L VALID UNTIL %L IN ROLE %I, leased',\s+username, password, expiration, owner\)/,
    );
  });

  it("lose their login, then their sessions, then what is theirs, and their role at last", () => {
    const steps = ["ALTER ROLE %I NOLOGIN", "pg_terminate_backend", "DROP OWNED BY %I", "DROP ROLE %I"];
    const places = steps.map((step) => sql.indexOf(step));
    assert.deepEqual(
      places,
      places.toSorted((one, other) => one - other),
    );
    assert(places.every((place) => place >= 0));
  });

  it("are made and dropped by Vault's user, and by no other", () => {
    const rights = leasedUsersSql.filter((statement) => /^(GRANT|REVOKE)/.test(statement));
    const functions = [
      "leases.create_user(name, text, name, timestamptz)",
      "leases.renew_user(name, timestamptz)",
      "leases.drop_user(name)",
    ];
    assert.deepEqual(rights, [
      ...functions.map((each) => `REVOKE ALL ON FUNCTION ${each} FROM PUBLIC`),
      ...functions.map((each) => `GRANT EXECUTE ON FUNCTION ${each} TO ${vaultUser}`),
      `GRANT USAGE ON SCHEMA leases TO ${vaultUser}`,
    ]);
  });

  it("are made by statements in which Vault fills in the names and the end of the lease", () => {
    assert.deepEqual(leaseStatements("hydra"), {
      creation: "SELECT leases.create_user('{{name}}', '{{password}}', 'hydra', '{{expiration}}')",
      renewal: "SELECT leases.renew_user('{{name}}', '{{expiration}}')",
      revocation: "SELECT leases.drop_user('{{name}}')",
    });
  });

  it("come from statements that can run again in an existing cluster", () => {
    assert(leasedUsersSql.every((statement) => !/^CREATE (?!OR REPLACE|\w+ IF NOT EXISTS)/.test(statement)));
  });

  it("never have two dollar signs side by side, which Kubernetes replaces by one", () => {
    assert(!sql.includes("$$"));
  });
});
