import { both, method, type Case } from "./case.ts";
import { publicKey } from "./keys.ts";

export const roleCases: readonly Case[] = [
  {
    type: "vault:kubernetes/authBackendConfig:AuthBackendConfig",
    before: method("kubernetes", "k8s"),
    program: {
      backend: "k8s",
      kubernetesHost: "https://10.0.0.1",
      kubernetesCaCert: "AUTHORITY",
      tokenReviewerJwt: "a.reviewer.token",
      disableLocalCaJwt: true,
    },
    change: { kubernetesHost: "https://10.0.0.2", issuer: "https://kubernetes.default.svc" },
    hand: (vault) =>
      vault.post("auth/k8s/config", { kubernetes_host: "https://evil", kubernetes_ca_cert: "AUTHORITY" }),
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
