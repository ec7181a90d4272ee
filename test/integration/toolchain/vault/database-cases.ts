import { inOrder, mount, type Case } from "./case.ts";
import type { Vault } from "../../../../sandbox/toolchain/plugins/vault/server/vault.ts";

const connectionUrl = "postgresql://{{username}}:{{password}}@127.0.0.1:POSTGRESPORT/postgres?sslmode=disable";
const verifiedUrl = connectionUrl.replace("disable", "verify-full&sslrootcert=POSTGRESTRUST");

/** The PostgreSQL server of the tests. */
interface Database {
  readonly port: number;
  readonly password: string;
}

/** @param database - returns the server; it is called only when the tests run */
export function databaseCases(database: () => Database): readonly Case[] {
  const connection = (backend: string) => (vault: Vault) =>
    vault.post(`${backend}/config/main`, {
      plugin_name: "postgresql-database-plugin",
      allowed_roles: ["*"],
      connection_url: connectionUrl.replace("POSTGRESPORT", String(database().port)),
      username: "owner",
      password: database().password,
    });
  const creation = `CREATE ROLE "{{name}}" WITH LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}'`;
  return [
    {
      type: "vault:database/secretBackendConnection:SecretBackendConnection",
      prepare: mount("database", "dbc"),
      program: {
        backend: "dbc",
        name: "main",
        allowedRoles: ["hydra"],
        postgresql: { connectionUrl, username: "owner", password: "POSTGRESPASSWORD" },
      },
      change: {
        allowedRoles: ["hydra", "kratos"],
        rootRotationStatements: [`ALTER ROLE "{{name}}" WITH PASSWORD '{{password}}'`],
        postgresql: { connectionUrl, username: "owner", password: "POSTGRESPASSWORD", maxOpenConnections: 5 },
      },
      replace: { name: "other" },
      changeByHand: (vault) => vault.post("dbc/config/other", { allowed_roles: ["*"], verify_connection: false }),
      deleteByHand: (vault) => vault.delete("dbc/config/other"),
    },
    {
      type: "vault:database/secretBackendConnection:SecretBackendConnection",
      title: "over TLS, with hashed passwords",
      prepare: inOrder(mount("database", "dbt"), (vault) =>
        vault.post("sys/policies/password/letters", { policy: 'length = 20\nrule "charset" { charset = "abcdef" }' }),
      ),
      program: {
        backend: "dbt",
        name: "main",
        allowedRoles: ["*"],
        passwordPolicy: "letters",
        postgresql: {
          connectionUrl: verifiedUrl,
          username: "owner",
          password: "POSTGRESPASSWORD",
          passwordAuthentication: "scram-sha-256",
        },
      },
      changeByHand: (vault) => vault.post("dbt/config/main", { password_policy: "", verify_connection: false }),
      deleteByHand: (vault) => vault.delete("dbt/config/main"),
    },
    {
      type: "vault:database/secretBackendRole:SecretBackendRole",
      prepare: inOrder(mount("database", "dbr"), connection("dbr")),
      program: { backend: "dbr", name: "app", dbName: "main", creationStatements: [creation], defaultTtl: 600 },
      change: { maxTtl: 3600, revocationStatements: [`DROP ROLE "{{name}}"`] },
      replace: { name: "web" },
      changeByHand: (vault) => vault.post("dbr/roles/web", { db_name: "main", creation_statements: ["SELECT 1"] }),
      deleteByHand: (vault) => vault.delete("dbr/roles/web"),
    },
  ];
}
