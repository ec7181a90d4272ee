import { openBaoConfiguration } from "../../../components/vault/server-configuration.ts";
import { vaultSession } from "../../../sandbox/toolchain/plugins/vault/server/session.ts";
import type { Vault } from "../../../sandbox/toolchain/plugins/vault/server/vault.ts";
import { vaultSettings } from "../../../sandbox/toolchain/plugins/vault/server/settings.ts";
import { onLoopback, serverFiles, staticSeal } from "./loopback-server.ts";
import { startVault, type TestVault } from "../toolchain/vault/openbao.ts";
import { startPostgres, type TestPostgres } from "../toolchain/vault/postgres.ts";

/** A real OpenBao with content like that of the platform's Vault, and a PostgreSQL server in which it creates users. */
export interface PlatformVault {
  readonly server: TestVault;
  readonly postgres: TestPostgres;
  /** A session that may do everything. */
  readonly vault: Vault;
  remove(): Promise<void>;
}

/** Logs the administrator in. */
export async function adminOf(server: TestVault): Promise<Vault> {
  const { username, password } = server.admin;
  const authLoginUserpass = JSON.stringify({ username, password });
  return vaultSession(vaultSettings({ address: server.address, caCertFile: server.caCertFile, authLoginUserpass }, {}));
}

/** A policy that allows everything. */
export const everything = 'path "*" { capabilities = ["create", "read", "update", "delete", "list", "sudo"] }';

/** A server with the configuration of the platform, and an administrator for the test. It has no content. */
export function startPlatformServer(): Promise<TestVault> {
  return startVault({
    configuration: (parameters) => {
      const user = { password: parameters.password, token_policies: ["admin"] };
      const configuration = openBaoConfiguration({
        ...serverFiles(parameters),
        seal: staticSeal(parameters),
        auditFile: `${parameters.folder}/audit.log`,
        firstRequests: [
          { name: "userpass", path: "sys/auth/userpass", data: { type: "userpass" } },
          { name: "policy", path: "sys/policies/acl/admin", data: { policy: everything } },
          { name: "user", path: "auth/userpass/users/admin", data: user },
        ],
      });
      return onLoopback(configuration, parameters);
    },
  });
}

/** Paths of the credentials of OAuth2 clients and of settings, in two layers. */
const clients = ["oauth/iam/console", "oauth/iam/gitlab", "oauth/delivery/console"];
const settings = ["settings/iam/mail", "settings/iam/seal", "settings/delivery/mail"];

async function fill(vault: Vault, postgres: TestPostgres): Promise<void> {
  for (const [path, type] of Object.entries({ kv: "kv-v2", database: "database", transit: "transit", pki: "pki" })) {
    await vault.post(`sys/mounts/${path}`, { type });
  }
  for (const path of ["kubernetes", "oidc", "jwt", "approle"]) {
    await vault.post(`sys/auth/${path}`, { type: path });
  }
  for (const path of ["iam/hydra", "iam/kratos", ...clients, ...settings]) {
    await vault.post(`kv/data/${path}`, { data: { value: "never-log-this" } });
  }
  await postgres.sql("CREATE ROLE hydra LOGIN; CREATE ROLE kratos LOGIN");
  await vault.post("database/config/main", {
    plugin_name: "postgresql-database-plugin",
    allowed_roles: ["*"],
    connection_url: `postgresql://{{username}}:{{password}}@127.0.0.1:${postgres.port}/postgres?sslmode=disable`,
    username: postgres.user,
    password: postgres.password,
  });
  for (const username of ["hydra", "kratos"]) {
    const creation = `CREATE ROLE "{{name}}" LOGIN PASSWORD '{{password}}' IN ROLE ${username}`;
    await vault.post(`database/roles/${username}`, { db_name: "main", creation_statements: [creation] });
    await vault.post(`transit/keys/${username}`, {});
    await vault.post(`pki/roles/${username}`, { allow_any_name: true, key_type: "ec", key_bits: 256 });
  }
  const authority = { common_name: "Bibind", issuer_name: "first", key_type: "ec", key_bits: 256 };
  await vault.post("pki/issuers/generate/root/internal", authority);
  await vault.post("sys/policies/password/long", { policy: 'length = 20\nrule "charset" { charset = "abc" }' });
}

export async function startPlatformVault(): Promise<PlatformVault> {
  const server = await startVault();
  const postgres = await startPostgres();
  const vault = await adminOf(server);
  await fill(vault, postgres);
  return {
    server,
    postgres,
    vault,
    async remove() {
      await server.remove();
      await postgres.remove();
    },
  };
}
