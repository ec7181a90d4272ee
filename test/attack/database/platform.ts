import { z } from "zod";
import { accessRules } from "../../../components/postgres/endpoint.ts";
import {
  consumersGroup,
  leasedUsersSql,
  leaseStatements,
  vaultDatabase,
  vaultUser,
} from "../../../components/postgres/leased-users.ts";
import type { Vault } from "../../../sandbox/toolchain/plugins/vault/server/vault.ts";
import { adminOf } from "../../integration/vault/platform.ts";
import { startVault } from "../../integration/toolchain/vault/openbao.ts";
import { startPostgres, type PostgresLogin, type TestPostgres } from "../../integration/toolchain/vault/postgres.ts";

const credential = z.object({ username: z.string(), password: z.string() });

/** Applications, each with a database of its name. */
export const applications = ["hydra", "kratos"] as const;
export type ApplicationName = (typeof applications)[number];

/** Path of the leases of an application. */
export const leasesOf = (application: ApplicationName): string => `database/creds/iam-${application}`;

/** A real OpenBao that leases users of a real PostgreSQL, set up like a PostgresCluster. */
export interface DatabasePlatform {
  readonly postgres: TestPostgres;
  readonly vault: Vault;
  /** Leases a user. @returns how it connects to the database of its application */
  lease(application: ApplicationName): Promise<Required<Pick<PostgresLogin, "user" | "password" | "database">>>;
  /** Gives the leases of an application a longer life, as other settings do, and renews its latest lease. */
  renew(application: ApplicationName, seconds: number): Promise<void>;
  /** Ends every lease of an application. */
  revoke(application: ApplicationName): Promise<void>;
  remove(): Promise<void>;
}

const passwordOfVault = "never-log-this-vault";

async function fill(postgres: TestPostgres): Promise<void> {
  const superuser = { user: postgres.user, password: postgres.password };
  await postgres.sql(`CREATE ROLE ${vaultUser} LOGIN PASSWORD '${passwordOfVault}'`);
  await postgres.sql(`CREATE DATABASE ${vaultDatabase} OWNER ${vaultUser}`);
  for (const statement of leasedUsersSql) {
    await postgres.sql(statement, { ...superuser, database: vaultDatabase });
  }
  for (const application of applications) {
    await postgres.sql(`CREATE ROLE ${application} NOLOGIN IN ROLE ${consumersGroup}`);
    await postgres.sql(`CREATE DATABASE ${application} OWNER ${application}`);
  }
}

function roleOf(application: ApplicationName) {
  const { creation, renewal, revocation } = leaseStatements(application);
  return {
    db_name: "iam",
    creation_statements: [creation],
    renew_statements: [renewal],
    revocation_statements: [revocation],
    default_ttl: 3600,
    max_ttl: 3600,
  };
}

async function connect(vault: Vault, postgres: TestPostgres): Promise<void> {
  await vault.post("sys/mounts/database", { type: "database" });
  await vault.post("database/config/iam", {
    plugin_name: "postgresql-database-plugin",
    allowed_roles: ["iam-*"],
    connection_url: `postgresql://{{username}}:{{password}}@127.0.0.1:${postgres.port}/${vaultDatabase}?sslmode=require`,
    username: vaultUser,
    password: passwordOfVault,
    password_authentication: "scram-sha-256",
  });
  for (const application of applications) {
    await vault.post(`database/roles/iam-${application}`, roleOf(application));
  }
}

export async function startDatabasePlatform(): Promise<DatabasePlatform> {
  const postgres = await startPostgres({ accessRules });
  const server = await startVault();
  const vault = await adminOf(server);
  await fill(postgres);
  await connect(vault, postgres);
  return {
    postgres,
    vault,
    async lease(application) {
      const { username, password } = credential.parse(await vault.get(leasesOf(application)));
      return { user: username, password, database: application };
    },
    async renew(application, seconds) {
      await vault.post(`database/roles/iam-${application}`, { ...roleOf(application), max_ttl: seconds });
      for (const key of await vault.list(`sys/leases/lookup/${leasesOf(application)}`)) {
        await vault.post("sys/leases/renew", { lease_id: `${leasesOf(application)}/${key}`, increment: seconds });
      }
    },
    async revoke(application) {
      await vault.post(`sys/leases/revoke-prefix/${leasesOf(application)}`, {});
    },
    async remove() {
      await server.remove();
      await postgres.remove();
    },
  };
}
