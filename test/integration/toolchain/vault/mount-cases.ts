import type { Case } from "./case.ts";
import { publicKey } from "./keys.ts";

export const mountCases: readonly Case[] = [
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
    hand: (vault) => vault.post("sys/mounts/kv-alias/tune", { listing_visibility: "hidden" }),
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
    type: "vault:jwt/authBackend:AuthBackend",
    title: "of people, by OpenID Connect",
    program: {
      type: "oidc",
      path: "people",
      description: "people",
      oidcDiscoveryUrl: "ISSUER",
      oidcDiscoveryCaPem: "AUTHORITY",
      oidcClientId: "vault",
      oidcClientSecret: "not-to-be-told",
      boundIssuer: "ISSUER",
      jwtSupportedAlgs: ["RS256"],
      tune: { listingVisibility: "unauth" },
    },
    change: { defaultRole: "person", oidcClientSecret: "not-to-be-told-either", jwtSupportedAlgs: ["RS256", "ES256"] },
    hand: (vault) => vault.post("sys/auth/people/tune", { listing_visibility: "hidden" }),
    remove: (vault) => vault.delete("sys/auth/people"),
  },
  {
    type: "vault:index/audit:Audit",
    program: { type: "file", path: "second", options: { file_path: "FOLDER/audit.log" } },
    replace: { options: { file_path: "FOLDER/other.log" } },
    deletesFirst: true,
    remove: (vault) => vault.delete("sys/audit/second"),
  },
];
