import { both, mount, type Case } from "./case.ts";
import type { Vault } from "../../../../sandbox/toolchain/plugins/vault/server/vault.ts";

const connectionUrl = "postgresql://{{username}}:{{password}}@127.0.0.1:POSTGRESPORT/postgres?sslmode=disable";
const verifiedUrl = connectionUrl.replace("disable", "verify-full&sslrootcert=POSTGRESTRUST");

/** What the cases need of a PostgreSQL server. */
interface Database {
  readonly port: number;
  readonly password: string;
}

/** The database's cases; `database` is asked once the tests run. */
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
      before: mount("database", "dbc"),
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
      hand: (vault) => vault.post("dbc/config/other", { allowed_roles: ["*"], verify_connection: false }),
      remove: (vault) => vault.delete("dbc/config/other"),
    },
    {
      type: "vault:database/secretBackendConnection:SecretBackendConnection",
      title: "over TLS, whose new passwords the server never sees",
      before: both(mount("database", "dbt"), (vault) =>
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
      hand: (vault) => vault.post("dbt/config/main", { password_policy: "", verify_connection: false }),
      remove: (vault) => vault.delete("dbt/config/main"),
    },
    {
      type: "vault:database/secretBackendRole:SecretBackendRole",
      before: both(mount("database", "dbr"), connection("dbr")),
      program: { backend: "dbr", name: "app", dbName: "main", creationStatements: [creation], defaultTtl: 600 },
      change: { maxTtl: 3600, revocationStatements: [`DROP ROLE "{{name}}"`] },
      replace: { name: "web" },
      hand: (vault) => vault.post("dbr/roles/web", { db_name: "main", creation_statements: ["SELECT 1"] }),
      remove: (vault) => vault.delete("dbr/roles/web"),
    },
    {
      type: "vault:database/secretBackendStaticRole:SecretBackendStaticRole",
      before: both(mount("database", "dbs"), connection("dbs")),
      program: { backend: "dbs", name: "hydra", dbName: "main", username: "hydra", rotationPeriod: 86_400 },
      change: { rotationPeriod: 3600, rotationStatements: [`ALTER ROLE "{{name}}" WITH PASSWORD '{{password}}'`] },
      replace: { username: "kratos" },
      deletesFirst: true,
      hand: (vault) =>
        vault.post("dbs/static-roles/hydra", { rotation_period: 60, username: "kratos", db_name: "main" }),
      remove: (vault) => vault.delete("dbs/static-roles/hydra"),
    },
  ];
}
