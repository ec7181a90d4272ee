import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exportSPKI, generateKeyPair, SignJWT } from "jose";
import { vaultSession } from "../../../sandbox/toolchain/plugins/vault/server/session.ts";
import type { Vault } from "../../../sandbox/toolchain/plugins/vault/server/vault.ts";
import { vaultSettings } from "../../../sandbox/toolchain/plugins/vault/server/settings.ts";
import type { TestVault } from "../toolchain/vault/openbao.ts";

/** Logs the administrator in to Vault. */
export async function administrator({ address, caCertFile, admin }: TestVault): Promise<Vault> {
  const settings = { address, caCertFile, authLoginUserpass: JSON.stringify(admin) };
  return vaultSession(vaultSettings(settings, {}));
}

const policies: Record<string, string> = {
  "oauth-clients": `
    path "kv/data/oauth/+/+" { capabilities = ["create", "read", "update"] }
    path "kv/metadata/oauth/+/+" { capabilities = ["delete"] }
    path "auth/oidc/config" { capabilities = ["create", "update"] }`,
  keyring: `path "kv/data/iam/*" { capabilities = ["create", "update", "read"] }`,
};

/** The settings of Vault in the configuration of a command. */
export interface VaultConfig {
  readonly address: string;
  readonly role: string;
  readonly authMount: string;
  readonly tokenFile: string;
}

/**
 * Mounts the engines that the identity service needs, and creates a role for each policy. The service account token is
 * signed by a key of the test, not by the Kubernetes API.
 *
 * @returns a function that gives the settings of Vault for a role
 */
export async function prepareVault(server: TestVault, vault: Vault): Promise<(role: string) => VaultConfig> {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  await vault.post("sys/mounts/kv", { type: "kv-v2" });
  await vault.post("sys/auth/workloads", { type: "jwt" });
  await vault.post("auth/workloads/config", { jwt_validation_pubkeys: [await exportSPKI(publicKey)] });
  for (const [name, policy] of Object.entries(policies)) {
    await vault.post(`sys/policies/acl/${name}`, { policy });
    const claims = { role_type: "jwt", user_claim: "sub", bound_audiences: ["vault"] };
    await vault.post(`auth/workloads/role/${name}`, { ...claims, token_policies: [name], token_ttl: "10m" });
  }
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: "ES256" })
    .setSubject("system:serviceaccount:iam:identity")
    .setAudience("vault")
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(privateKey);
  const tokenFile = join(server.folder, "token");
  await writeFile(tokenFile, `${token}\n`, { mode: 0o600 });
  return (role) => ({ address: server.address, role, authMount: "workloads", tokenFile });
}
