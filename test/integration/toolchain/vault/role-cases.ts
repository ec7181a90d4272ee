import { inOrder, method, type Case } from "./case.ts";
import { publicKey } from "./keys.ts";

export const roleCases: readonly Case[] = [
  {
    type: "vault:kubernetes/authBackendRole:AuthBackendRole",
    prepare: method("kubernetes", "kr"),
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
    changeByHand: (vault) => vault.post("auth/kr/role/other", { token_policies: ["admin"] }),
    deleteByHand: (vault) => vault.delete("auth/kr/role/other"),
  },
  {
    type: "vault:jwt/authBackendRole:AuthBackendRole",
    prepare: inOrder(method("jwt", "jr"), (vault) =>
      vault.post("auth/jr/config", { jwt_validation_pubkeys: [publicKey] }),
    ),
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
    changeByHand: (vault) =>
      vault.post("auth/jr/role/release", { role_type: "jwt", user_claim: "sub", bound_audiences: ["anyone"] }),
    deleteByHand: (vault) => vault.delete("auth/jr/role/release"),
  },
  {
    type: "vault:jwt/authBackendRole:AuthBackendRole",
    title: "for people, by OpenID Connect",
    prepare: method("oidc", "or"),
    program: {
      backend: "or",
      roleName: "person",
      roleType: "oidc",
      userClaim: "sub",
      groupsClaim: "groups",
      allowedRedirectUris: ["http://localhost:8250/oidc/callback", "https://vault/ui/vault/auth/oidc/oidc/callback"],
      oidcScopes: ["email", "groups"],
      boundAudiences: ["vault"],
      boundClaims: { email: "*@bibind.test" },
      boundClaimsType: "glob",
      claimMappings: { email: "email" },
      tokenPolicies: ["default"],
      tokenTtl: 3600,
    },
    change: { allowedRedirectUris: ["http://localhost:8250/oidc/callback"], tokenExplicitMaxTtl: 7200 },
    replace: { roleName: "guest" },
    changeByHand: (vault) =>
      vault.post("auth/or/role/guest", {
        ...{ role_type: "oidc", user_claim: "sub", allowed_redirect_uris: ["https://evil"] },
      }),
    deleteByHand: (vault) => vault.delete("auth/or/role/guest"),
  },
  {
    type: "vault:identity/group:Group",
    program: { name: "operators", type: "external", policies: ["operator"] },
    change: { policies: ["operator", "auditor"], metadata: { team: "one" } },
    replace: { type: "internal" },
    deletesFirst: true,
    changeByHand: (vault) => vault.post("identity/group/name/operators", { policies: ["admin"] }),
    deleteByHand: (vault) => vault.delete("identity/group/name/operators"),
  },
];
