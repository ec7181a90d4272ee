import type { Properties } from "../../../../sandbox/toolchain/plugins/server/plugin.ts";
import type { Vault } from "../../../../sandbox/toolchain/plugins/vault/server/vault.ts";

/** The life of one resource type against a real server. */
export interface Case {
  readonly type: string;
  readonly title?: string;
  /** Objects that must be there first, made without the plugin. */
  readonly before?: (vault: Vault) => Promise<unknown>;
  /** A program. */
  readonly program: Properties;
  /** Properties of the program that are changed in place, and what the state holds then. */
  readonly change?: Properties;
  /** Properties that only a new object can have. */
  readonly replace?: Properties;
  readonly deletesFirst?: boolean;
  /** A change by hand that a refresh must find. */
  readonly hand?: (vault: Vault, id: string) => Promise<unknown>;
  /** Deletes the object by hand; false when the API has no way to do it. */
  readonly remove?: false | ((vault: Vault, id: string) => Promise<unknown>);
  /** The object stays when its resource is deleted, as with the vendor's plugin. */
  readonly stays?: boolean;
}

const mount = (type: string, path: string) => (vault: Vault) => vault.post(`sys/mounts/${path}`, { type });
const method = (type: string, path: string) => (vault: Vault) => vault.post(`sys/auth/${path}`, { type });
const both =
  (...steps: readonly ((vault: Vault) => Promise<unknown>)[]) =>
  async (vault: Vault) => {
    for (const step of steps) {
      await step(vault);
    }
  };

const publicKey = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEVs/o5+uQbTjL3chynL4wXgUg2R9
q9UU8I5mEovUf86QZ7kOBIjJwqnzD1omageEHWwHdBO6B+dFabmdT9POxg==
-----END PUBLIC KEY-----`;

const pki = (path: string) =>
  both(mount("pki", path), (vault: Vault) =>
    vault.post(`${path}/root/generate/internal`, {
      common_name: "test root",
      ttl: "1h",
      key_type: "ec",
      key_bits: 256,
    }),
  );

const mountCases: readonly Case[] = [
  {
    type: "vault:index/mount:Mount",
    program: { path: "kv-one", type: "kv", options: { version: "2" }, description: "first" },
    change: { description: "second", maxLeaseTtlSeconds: 7200 },
    replace: { type: "transit", options: {} },
    deletesFirst: true,
    hand: (vault) => vault.post("sys/mounts/kv-one/tune", { description: "by hand" }),
    remove: (vault) => vault.delete("sys/mounts/kv-one"),
  },
  {
    type: "vault:index/mount:Mount",
    title: "by the alias kv-v2",
    program: { path: "kv-alias", type: "kv-v2" },
    change: { listingVisibility: "unauth" },
    hand: (vault) => vault.post("sys/mounts/kv-alias/tune", { default_lease_ttl: "60s" }),
  },
  {
    type: "vault:index/mount:Mount",
    title: "of version 1",
    program: { path: "kv-plain", type: "kv" },
    change: { defaultLeaseTtlSeconds: 600 },
  },
  {
    type: "vault:index/authBackend:AuthBackend",
    program: { type: "kubernetes", path: "cluster", description: "first", tune: { maxLeaseTtl: "2h" } },
    change: { description: "second", tune: { maxLeaseTtl: "3h", tokenType: "batch" } },
    replace: { type: "approle" },
    deletesFirst: true,
    hand: (vault) => vault.post("sys/auth/cluster/tune", { max_lease_ttl: "5h" }),
    remove: (vault) => vault.delete("sys/auth/cluster"),
  },
  {
    type: "vault:jwt/authBackend:AuthBackend",
    program: { path: "ci", description: "pipelines", jwtValidationPubkeys: [publicKey], boundIssuer: "https://one" },
    change: { boundIssuer: "https://two", defaultRole: "reader", tune: { defaultLeaseTtl: "10m" } },
    replace: { type: "oidc" },
    deletesFirst: true,
    hand: (vault) =>
      vault.post("auth/ci/config", { jwt_validation_pubkeys: [publicKey], bound_issuer: "https://evil" }),
    remove: (vault) => vault.delete("sys/auth/ci"),
  },
  {
    type: "vault:index/audit:Audit",
    program: { type: "file", path: "second", options: { file_path: "FOLDER/audit.log" } },
    replace: { options: { file_path: "FOLDER/other.log" } },
    deletesFirst: true,
    remove: (vault) => vault.delete("sys/audit/second"),
  },
];

const secretCases: readonly Case[] = [
  {
    type: "vault:index/policy:Policy",
    program: { name: "reader", policy: 'path "kv/*" { capabilities = ["read"] }\n' },
    change: { policy: 'path "kv/*" { capabilities = ["list"] }\n' },
    replace: { name: "lister" },
    hand: (vault) => vault.post("sys/policies/acl/lister", { policy: 'path "*" { capabilities = ["sudo"] }' }),
    remove: (vault) => vault.delete("sys/policies/acl/lister"),
  },
  {
    type: "vault:generic/endpoint:Endpoint",
    title: "a password policy",
    program: {
      path: "sys/policies/password/long",
      dataJson: JSON.stringify({ policy: 'length = 20\nrule "charset" { charset = "abc" }' }),
    },
    change: { dataJson: JSON.stringify({ policy: 'length = 24\nrule "charset" { charset = "abc" }' }) },
    replace: { path: "sys/policies/password/longer" },
    hand: (vault) =>
      vault.post("sys/policies/password/longer", { policy: 'length = 5\nrule "charset" { charset = "a" }' }),
    remove: (vault) => vault.delete("sys/policies/password/longer"),
  },
  {
    type: "vault:generic/endpoint:Endpoint",
    title: "a user whose password the API never tells",
    program: {
      path: "auth/userpass/users/alice",
      ignoreAbsentFields: true,
      dataJson: JSON.stringify({ password: "not-to-be-told", token_policies: ["reader"] }),
    },
    change: { dataJson: JSON.stringify({ password: "not-to-be-told", token_policies: ["reader", "writer"] }) },
    hand: (vault) => vault.post("auth/userpass/users/alice", { token_policies: ["admin"] }),
    remove: (vault) => vault.delete("auth/userpass/users/alice"),
  },
  {
    type: "vault:generic/secret:Secret",
    title: "below a KV engine of version 2",
    before: mount("kv-v2", "gkv2"),
    program: { path: "gkv2/app", dataJson: '{ "one": "1" }' },
    change: { dataJson: '{"one":"2"}' },
    replace: { path: "gkv2/other" },
    hand: (vault) => vault.post("gkv2/data/other", { data: { one: "by hand" } }),
    remove: (vault) => vault.delete("gkv2/data/other"),
  },
  {
    type: "vault:generic/secret:Secret",
    title: "below a KV engine of version 1",
    before: mount("kv", "gkv1"),
    program: { path: "gkv1/app", dataJson: '{ "one": "1", "deep": { "two": 2 } }' },
    change: { dataJson: '{"one":"2"}' },
    hand: (vault) => vault.post("gkv1/app", { one: "by hand" }),
    remove: (vault) => vault.delete("gkv1/app"),
  },
  {
    type: "vault:kv/secretV2:SecretV2",
    before: mount("kv-v2", "skv"),
    program: {
      mount: "skv",
      name: "deep/app",
      dataJson: '{ "b": 2, "a": "1" }',
      customMetadata: { maxVersions: 5, data: { owner: "team" } },
    },
    change: { dataJson: '{"a":"2"}', customMetadata: { maxVersions: 7, data: { owner: "others" } } },
    replace: { name: "elsewhere" },
    hand: (vault) => vault.post("skv/data/elsewhere", { data: { a: "by hand" } }),
    remove: (vault) => vault.delete("skv/data/elsewhere"),
  },
  {
    type: "vault:kv/secretV2:SecretV2",
    title: "written only",
    before: mount("kv-v2", "wkv"),
    program: {
      mount: "wkv",
      name: "app",
      dataJsonWo: '{"a":"hidden-one"}',
      dataJsonWoVersion: 1,
      deleteAllVersions: true,
    },
    change: { dataJsonWo: '{"a":"hidden-two"}', dataJsonWoVersion: 2 },
    remove: (vault) => vault.delete("wkv/metadata/app"),
  },
  {
    type: "vault:kv/secretBackendV2:SecretBackendV2",
    before: mount("kv-v2", "ckv"),
    program: { mount: "ckv", maxVersions: 3 },
    change: { maxVersions: 4, deleteVersionAfter: 3600 },
    hand: (vault) => vault.post("ckv/config", { delete_version_after: "2h" }),
    remove: (vault) => vault.delete("sys/mounts/ckv"),
    stays: true,
  },
  {
    type: "vault:transit/secretBackendKey:SecretBackendKey",
    before: mount("transit", "seal"),
    program: { backend: "seal", name: "state", deletionAllowed: true },
    change: { autoRotatePeriod: 7200, exportable: true },
    replace: { exportable: false, type: "ed25519" },
    deletesFirst: true,
    hand: (vault) => vault.post("seal/keys/state/config", { auto_rotate_period: "5h" }),
    remove: (vault) => vault.delete("seal/keys/state"),
  },
];

const roleCases: readonly Case[] = [
  {
    type: "vault:kubernetes/authBackendConfig:AuthBackendConfig",
    before: method("kubernetes", "k8s"),
    program: {
      backend: "k8s",
      kubernetesHost: "https://10.0.0.1",
      tokenReviewerJwt: "a.reviewer.token",
      disableLocalCaJwt: true,
    },
    change: { kubernetesHost: "https://10.0.0.2", issuer: "https://kubernetes.default.svc" },
    hand: (vault) => vault.post("auth/k8s/config", { kubernetes_host: "https://evil", disable_local_ca_jwt: true }),
    remove: (vault) => vault.delete("sys/auth/k8s"),
    stays: true,
  },
  {
    type: "vault:kubernetes/authBackendRole:AuthBackendRole",
    before: method("kubernetes", "kr"),
    program: {
      backend: "kr",
      roleName: "app",
      boundServiceAccountNames: ["b", "a"],
      boundServiceAccountNamespaces: ["odoo"],
      audience: "vault",
      tokenPolicies: ["app"],
      tokenTtl: 3600,
    },
    change: { tokenTtl: 1800, tokenPolicies: ["app", "base"], audience: "bao" },
    replace: { roleName: "other" },
    hand: (vault) => vault.post("auth/kr/role/other", { token_policies: ["admin"] }),
    remove: (vault) => vault.delete("auth/kr/role/other"),
  },
  {
    type: "vault:jwt/authBackendRole:AuthBackendRole",
    before: both(method("jwt", "jr"), (vault) => vault.post("auth/jr/config", { jwt_validation_pubkeys: [publicKey] })),
    program: {
      backend: "jr",
      roleName: "pipeline",
      roleType: "jwt",
      userClaim: "sub",
      boundAudiences: ["vault"],
      boundClaims: { project: "bibind, other", ref: "main" },
      claimMappings: { project: "project" },
      tokenPolicies: ["ci"],
      clockSkewLeeway: 30,
    },
    change: { boundClaims: { project: "bibind" }, tokenTtl: 600 },
    replace: { roleName: "release" },
    hand: (vault) =>
      vault.post("auth/jr/role/release", { role_type: "jwt", user_claim: "sub", bound_audiences: ["anyone"] }),
    remove: (vault) => vault.delete("auth/jr/role/release"),
  },
  {
    type: "vault:appRole/authBackendRole:AuthBackendRole",
    before: method("approle", "ar"),
    program: { backend: "ar", roleName: "agent", roleId: "agent-role", tokenPolicies: ["agent"], secretIdTtl: 600 },
    change: { roleId: "agent-role-two", tokenNumUses: 3, secretIdBoundCidrs: ["10.0.0.0/8"] },
    replace: { localSecretIds: true },
    deletesFirst: true,
    hand: (vault) => vault.post("auth/ar/role/agent", { token_policies: ["admin"] }),
    remove: (vault) => vault.delete("auth/ar/role/agent"),
  },
  {
    type: "vault:appRole/authBackendRoleSecretId:AuthBackendRoleSecretId",
    before: both(method("approle", "as"), (vault) => vault.post("auth/as/role/agent", { token_policies: ["x"] })),
    program: { backend: "as", roleName: "agent", metadata: '{ "who": "test" }', cidrLists: ["127.0.0.0/8"] },
    replace: { metadata: '{"who":"other"}' },
    remove: (vault, id) =>
      vault.post("auth/as/role/agent/secret-id-accessor/destroy", {
        secret_id_accessor: id.split("accessor=")[1] ?? "",
      }),
  },
  {
    type: "vault:appRole/authBackendRoleSecretId:AuthBackendRoleSecretId",
    title: "wrapped",
    before: both(method("approle", "aw"), (vault) => vault.post("auth/aw/role/agent", { token_policies: ["x"] })),
    program: { backend: "aw", roleName: "agent", wrappingTtl: "10m" },
    replace: { wrappingTtl: "20m" },
    remove: (vault, id) => vault.post("auth/token/revoke-accessor", { accessor: id.split("accessor=")[1] ?? "" }),
  },
  {
    type: "vault:identity/entity:Entity",
    program: { name: "robot", policies: ["x"], metadata: { team: "one" } },
    change: { policies: ["y"], disabled: true },
    hand: (vault) => vault.post("identity/entity/name/robot", { policies: ["admin"] }),
    remove: (vault) => vault.delete("identity/entity/name/robot"),
  },
  {
    type: "vault:identity/group:Group",
    program: { name: "operators", type: "external", policies: ["operator"] },
    change: { policies: ["operator", "auditor"], metadata: { team: "one" } },
    replace: { type: "internal" },
    deletesFirst: true,
    hand: (vault) => vault.post("identity/group/name/operators", { policies: ["admin"] }),
    remove: (vault) => vault.delete("identity/group/name/operators"),
  },
];

const pkiCases: readonly Case[] = [
  {
    type: "vault:pkiSecret/secretBackendRootCert:SecretBackendRootCert",
    before: mount("pki", "root"),
    program: {
      backend: "root",
      type: "internal",
      commonName: "Bibind root",
      ttl: "1h",
      issuerName: "first",
      keyType: "ec",
      keyBits: 256,
    },
    replace: { commonName: "Bibind other root" },
    deletesFirst: true,
    remove: (vault, id) => vault.delete(id),
  },
  {
    type: "vault:pkiSecret/secretBackendIntermediateCertRequest:SecretBackendIntermediateCertRequest",
    before: mount("pki", "request"),
    program: { backend: "request", type: "exported", commonName: "Bibind services", keyType: "ec", keyBits: 256 },
    replace: { commonName: "Bibind other services" },
    remove: (vault) => vault.delete("sys/mounts/request"),
    stays: true,
  },
  {
    type: "vault:pkiSecret/secretBackendRole:SecretBackendRole",
    before: mount("pki", "issue"),
    program: {
      backend: "issue",
      name: "web",
      allowedDomains: ["bibind.test"],
      allowSubdomains: true,
      ttl: "86400",
      maxTtl: "72h",
      keyType: "ec",
      keyBits: 256,
      organizations: ["Bibind"],
    },
    change: { allowedDomains: ["bibind.test", "bibind.com"], requireCn: false, ttl: "3600" },
    replace: { name: "site" },
    hand: (vault) => vault.post("issue/roles/site", { allow_any_name: true, key_type: "ec", key_bits: 256 }),
    remove: (vault) => vault.delete("issue/roles/site"),
  },
  {
    type: "vault:pkiSecret/secretBackendConfigUrls:SecretBackendConfigUrls",
    before: mount("pki", "urls"),
    program: { backend: "urls", issuingCertificates: ["https://vault/ca"] },
    change: { crlDistributionPoints: ["https://vault/crl"] },
    hand: (vault) => vault.post("urls/config/urls", { issuing_certificates: ["https://evil"] }),
    remove: (vault) => vault.delete("sys/mounts/urls"),
    stays: true,
  },
  {
    type: "vault:pkiSecret/backendConfigAutoTidy:BackendConfigAutoTidy",
    before: mount("pki", "tidy"),
    program: { backend: "tidy", enabled: true, tidyCertStore: true, intervalDuration: "24h" },
    change: { safetyBuffer: "48h", tidyRevokedCerts: true },
    hand: (vault) =>
      vault.post("tidy/config/auto-tidy", { enabled: true, tidy_cert_store: false, tidy_revoked_certs: true }),
    remove: (vault) => vault.delete("sys/mounts/tidy"),
    stays: true,
  },
];

export const cases: readonly Case[] = [...mountCases, ...secretCases, ...roleCases, ...pkiCases];
export { pki };
