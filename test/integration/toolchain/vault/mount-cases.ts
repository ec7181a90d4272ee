import type { Case } from "./case.ts";

export const mountCases: readonly Case[] = [
  {
    type: "vault:index/mount:Mount",
    program: { path: "kv-one", type: "kv", options: { version: "2" }, description: "first" },
    change: { description: "second", maxLeaseTtlSeconds: 7200 },
    replace: { type: "transit", options: {} },
    deletesFirst: true,
    changeByHand: (vault) => vault.post("sys/mounts/kv-one/tune", { description: "by hand" }),
    deleteByHand: (vault) => vault.delete("sys/mounts/kv-one"),
  },
  {
    type: "vault:index/mount:Mount",
    title: "by the alias kv-v2",
    program: { path: "kv-alias", type: "kv-v2" },
    change: { listingVisibility: "unauth" },
    changeByHand: (vault) => vault.post("sys/mounts/kv-alias/tune", { listing_visibility: "hidden" }),
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
    changeByHand: (vault) => vault.post("sys/auth/cluster/tune", { max_lease_ttl: "5h" }),
    deleteByHand: (vault) => vault.delete("sys/auth/cluster"),
  },
  {
    type: "vault:index/authBackend:AuthBackend",
    title: "that is listed to everybody",
    program: { type: "oidc", path: "people", description: "People", tune: { listingVisibility: "unauth" } },
    change: { tune: { listingVisibility: "hidden" } },
    changeByHand: (vault) => vault.post("sys/auth/people/tune", { listing_visibility: "" }),
  },
];
