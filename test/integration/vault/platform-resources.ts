import type { Properties } from "../../../sandbox/toolchain/plugins/server/values.ts";
import type { TestPostgres } from "../toolchain/vault/postgres.ts";

export type Resource = readonly [type: string, program: Properties];

/** One resource of each type that the platform's components create in Vault, in the order of creation. */
export function platformResources(postgres: TestPostgres): readonly Resource[] {
  const connectionUrl = `postgresql://{{username}}:{{password}}@127.0.0.1:${postgres.port}/postgres?sslmode=disable`;
  const postgresql = { connectionUrl, username: postgres.user, password: postgres.password };
  const certificateRole = { allowedDomains: ["iam.svc"], allowSubdomains: true, keyType: "ec", keyBits: 256 };
  return [
    ["vault:index/mount:Mount", { path: "kv", type: "kv", options: { version: "2" } }],
    ["vault:index/mount:Mount", { path: "database", type: "database" }],
    ["vault:index/mount:Mount", { path: "transit", type: "transit", description: "keys" }],
    ["vault:index/mount:Mount", { path: "pki", type: "pki", maxLeaseTtlSeconds: 86_400 }],
    ["vault:index/authBackend:AuthBackend", { type: "approle", tune: { maxLeaseTtl: "1h" } }],
    ["vault:index/authBackend:AuthBackend", { type: "jwt" }],
    ["vault:index/policy:Policy", { name: "operator", policy: 'path "sys/mounts" { capabilities = ["read"] }' }],
    [
      "vault:generic/endpoint:Endpoint",
      {
        path: "sys/policies/password/long",
        dataJson: JSON.stringify({ policy: 'length = 20\nrule "charset" { charset = "abc" }' }),
      },
    ],
    [
      "vault:kubernetes/authBackendRole:AuthBackendRole",
      {
        roleName: "hydra",
        boundServiceAccountNames: ["hydra"],
        boundServiceAccountNamespaces: ["iam"],
        audience: "vault",
      },
    ],
    [
      "vault:jwt/authBackendRole:AuthBackendRole",
      { roleName: "pipeline", roleType: "jwt", userClaim: "sub", boundAudiences: ["vault"] },
    ],
    ["vault:identity/group:Group", { name: "operators", type: "external", policies: ["operator"] }],
    [
      "vault:database/secretBackendConnection:SecretBackendConnection",
      { backend: "database", name: "main", allowedRoles: ["hydra"], postgresql },
    ],
    [
      "vault:database/secretBackendRole:SecretBackendRole",
      { backend: "database", name: "hydra", dbName: "main", creationStatements: ["SELECT 1"], defaultTtl: 86_400 },
    ],
    [
      "vault:kv/secretV2:SecretV2",
      { mount: "kv", name: "settings/iam/mail", dataJson: "{}", disableRead: true, deleteAllVersions: true },
    ],
    [
      "vault:generic/endpoint:Endpoint",
      { path: "kv/metadata/iam/kratos", dataJson: JSON.stringify({ max_versions: 10 }), disableRead: true },
    ],
    [
      "vault:transit/secretBackendKey:SecretBackendKey",
      { backend: "transit", name: "hydra", deletionAllowed: true, autoRotatePeriod: 86_400 },
    ],
    [
      "vault:pkiSecret/secretBackendRootCert:SecretBackendRootCert",
      { backend: "pki", type: "internal", commonName: "Bibind", issuerName: "root", keyType: "ec", keyBits: 256 },
    ],
    ["vault:pkiSecret/secretBackendRole:SecretBackendRole", { backend: "pki", name: "hydra", ...certificateRole }],
  ];
}
