import { mount, type Case } from "./case.ts";

export const secretCases: readonly Case[] = [
  {
    type: "vault:index/policy:Policy",
    program: { name: "reader", policy: 'path "kv/*" { capabilities = ["read"] }\n' },
    change: { policy: 'path "kv/*" { capabilities = ["list"] }\n' },
    replace: { name: "lister" },
    changeByHand: (vault) => vault.post("sys/policies/acl/lister", { policy: 'path "*" { capabilities = ["sudo"] }' }),
    deleteByHand: (vault) => vault.delete("sys/policies/acl/lister"),
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
    changeByHand: (vault) =>
      vault.post("sys/policies/password/longer", { policy: 'length = 5\nrule "charset" { charset = "a" }' }),
    deleteByHand: (vault) => vault.delete("sys/policies/password/longer"),
  },
  {
    type: "vault:generic/endpoint:Endpoint",
    title: "a user whose password the API never returns",
    program: {
      path: "auth/userpass/users/alice",
      ignoreAbsentFields: true,
      dataJson: JSON.stringify({ password: "never-log-this", token_policies: ["reader"] }),
    },
    change: { dataJson: JSON.stringify({ password: "never-log-this", token_policies: ["reader", "writer"] }) },
    changeByHand: (vault) => vault.post("auth/userpass/users/alice", { token_policies: ["admin"] }),
    deleteByHand: (vault) => vault.delete("auth/userpass/users/alice"),
  },
  {
    type: "vault:kv/secretV2:SecretV2",
    prepare: mount("kv-v2", "skv"),
    program: {
      mount: "skv",
      name: "deep/app",
      dataJson: '{ "b": 2, "a": "1" }',
      customMetadata: { maxVersions: 5, data: { owner: "team" } },
    },
    change: { dataJson: '{"a":"2"}', customMetadata: { maxVersions: 7, data: { owner: "others" } } },
    replace: { name: "elsewhere" },
    changeByHand: (vault) => vault.post("skv/data/elsewhere", { data: { a: "by hand" } }),
    deleteByHand: (vault) => vault.delete("skv/data/elsewhere"),
  },
  {
    type: "vault:kv/secretV2:SecretV2",
    title: "with write-only data",
    prepare: mount("kv-v2", "wkv"),
    program: {
      mount: "wkv",
      name: "app",
      dataJsonWo: '{"a":"hidden-one"}',
      dataJsonWoVersion: 1,
      deleteAllVersions: true,
    },
    change: { dataJsonWo: '{"a":"hidden-two"}', dataJsonWoVersion: 2 },
    deleteByHand: (vault) => vault.delete("wkv/metadata/app"),
  },
  {
    type: "vault:transit/secretBackendKey:SecretBackendKey",
    prepare: mount("transit", "seal"),
    program: { backend: "seal", name: "state", deletionAllowed: true },
    change: { autoRotatePeriod: 7200, exportable: true },
    replace: { exportable: false, type: "ed25519" },
    deletesFirst: true,
    changeByHand: (vault) => vault.post("seal/keys/state/config", { auto_rotate_period: "5h" }),
    deleteByHand: (vault) => vault.delete("seal/keys/state"),
  },
];
