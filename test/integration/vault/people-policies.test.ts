import { notStrictEqual, ok } from "node:assert/strict";
import { z } from "zod";
import { auditorPolicy, developerPolicy, operatorPolicy } from "../../../components/vault/policies/people.ts";
import { asText } from "../../../sandbox/toolchain/plugins/vault/schema/mapping.ts";
import { get, testAttempts, list, post, remove, tokenOf, type Attempt } from "./attempts.ts";
import { startPlatformVault, type PlatformVault } from "./platform.ts";

/** Requests that read or write a secret, or that give rights. */
const secretsAndRights: readonly Attempt[] = [
  get("kv/data/iam/hydra"),
  post("kv/data/iam/hydra", { data: { value: "other" } }),
  remove("kv/metadata/iam/hydra"),
  get("database/creds/hydra"),
  post("database/config/main", { allowed_roles: ["hydra"] }),
  post("transit/encrypt/hydra", { plaintext: "" }),
  post("transit/decrypt/hydra", { ciphertext: "vault:v1:" }),
  get("transit/export/encryption-key/hydra"),
  get("transit/backup/hydra"),
  post("transit/keys/hydra/config", { exportable: true }),
  remove("transit/keys/hydra"),
  post("pki/issue/hydra", { common_name: "x" }),
  post("sys/policies/acl/own", { policy: 'path "*" { capabilities = ["sudo"] }' }),
  remove("sys/policies/acl/operator"),
  post("sys/mounts/more", { type: "kv" }),
  remove("sys/mounts/kv"),
  post("sys/auth/more", { type: "approle" }),
  post("auth/kubernetes/role/own", { token_policies: ["operator"] }),
  post("auth/token/create"),
  post("auth/token/create-orphan"),
  list("auth/token/accessors"),
  post("identity/group", { name: "own", policies: ["operator"] }),
  remove("sys/audit/file"),
  post("sys/leases/revoke-prefix/database"),
  post("sys/leases/revoke-force/database"),
  post("sys/seal"),
  post("sys/step-down"),
  get("sys/storage/raft/snapshot"),
  post("sys/rotate"),
];

/** Requests that read the configuration of engines, auth methods and policies. */
const configuration: readonly Attempt[] = [
  get("sys/mounts"),
  get("sys/auth"),
  get("sys/audit"),
  list("sys/policies/acl"),
  get("sys/policies/acl/operator"),
  list("sys/policies/password"),
  get("sys/policies/password/long"),
  list("database/config"),
  get("database/config/main"),
  list("database/roles"),
  get("database/roles/hydra"),
  list("transit/keys"),
  get("transit/keys/hydra"),
  list("pki/roles"),
  get("pki/roles/hydra"),
  list("pki/certs"),
];

const lease = z.object({ keys: z.array(z.string()) });

describe("The policies of people, on a real OpenBao", function () {
  this.timeout(180_000);
  let platform: PlatformVault;
  let tokens: { readonly operator: string; readonly auditor: string };

  before(async () => {
    platform = await startPlatformVault();
    const { vault, server } = platform;
    await vault.post("sys/audit/file", { type: "file", options: { file_path: `${server.folder}/audit.log` } });
    const creation = `CREATE ROLE "{{name}}" WITH LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}'`;
    await vault.post("database/roles/reader", { db_name: "main", creation_statements: [creation], default_ttl: "1h" });
    tokens = {
      operator: await tokenOf(vault, "operator", operatorPolicy),
      auditor: await tokenOf(vault, "auditor", auditorPolicy),
    };
  });

  after(() => platform.remove());

  const holder = (name: keyof typeof tokens) => () => ({ vault: platform.vault, token: tokens[name] });

  describe("for an operator", () => {
    testAttempts(holder("operator"), {
      may: [
        ...configuration,
        get("sys/ha-status"),
        get("sys/storage/raft/configuration"),
        get("sys/storage/raft/autopilot/state"),
        list("sys/leases/lookup/database/creds"),
        post("transit/keys/hydra/rotate"),
      ],
      mayNot: [
        ...secretsAndRights,
        list("kv/metadata"),
        get("auth/kubernetes/role/own"),
        post("database/rotate-root/main"),
        get("identity/entity/id/x"),
        post("database/roles/hydra", { db_name: "main", creation_statements: ["SELECT 1"] }),
        remove("database/roles/hydra"),
      ],
    });

    it("allows an operator to find and revoke a lease of a database user, and the user is dropped", async () => {
      const { vault, token } = holder("operator")();
      const leased = (await vault.get("database/creds/reader")) ?? {};
      const user = asText(leased.username);
      ok(await platform.postgres.sql(`SELECT rolname FROM pg_roles WHERE rolname = '${user}'`));
      const found = await vault.send("LIST", "sys/leases/lookup/database/creds/reader", { token });
      const [name = ""] = lease.parse(found?.data).keys;
      const body = { lease_id: `database/creds/reader/${name}` };
      ok((await vault.post("sys/leases/lookup", body, { token })).data?.expire_time);
      await vault.post("sys/leases/revoke", { ...body, sync: true }, { token });
      notStrictEqual(await platform.postgres.sql(`SELECT rolname FROM pg_roles WHERE rolname = '${user}'`), user);
    });

    it("allows an operator to revoke a certificate", async () => {
      const { vault, token } = holder("operator")();
      const issued = await vault.post("pki/issue/hydra", { common_name: "hydra", ttl: "1h" });
      const serial = asText(issued.data?.serial_number);
      ok((await vault.post("pki/revoke", { serial_number: serial }, { token })).data?.revocation_time);
    });
  });

  describe("for an auditor", () => {
    testAttempts(holder("auditor"), {
      may: [
        ...configuration,
        list("kv/metadata"),
        list("kv/metadata/iam"),
        get("kv/metadata/iam/hydra"),
        get("auth/kubernetes/config"),
        list("auth/kubernetes/role"),
        get("auth/oidc/role/absent"),
        get("auth/jwt/config"),
        list("auth/approle/role"),
        get("sys/config/state/sanitized"),
        post("sys/audit-hash/file", { input: "a value" }),
        list("identity/entity/id"),
        list("identity/group/id"),
        get("identity/group/id/absent"),
        list("pki/issuers"),
      ],
      mayNot: [
        ...secretsAndRights,
        post("auth/approle/role/own/secret-id"),
        post("kv/metadata/iam/hydra", { max_versions: 1 }),
        list("auth/approle/role/own/secret-id"),
        list("sys/leases/lookup/database/creds"),
        post("sys/leases/revoke", { lease_id: "database/creds/reader/x" }),
        post("database/rotate-role/hydra"),
        post("transit/keys/hydra/rotate"),
        post("pki/revoke", { serial_number: "00" }),
        post("identity/lookup/entity", { name: "x" }),
      ],
    });
  });

  describe("for a developer", () => {
    const people = { ada: { token: "", id: "" }, bob: { token: "", id: "" } };

    before(async () => {
      const { vault } = platform;
      await vault.post("sys/policies/acl/developer", { policy: developerPolicy });
      for (const [name, person] of Object.entries(people)) {
        await vault.post(`auth/userpass/users/${name}`, { password: "never-log-this", token_policies: ["developer"] });
        const { auth } = await vault.post(`auth/userpass/login/${name}`, { password: "never-log-this" }, { token: "" });
        person.token = auth?.client_token ?? "";
        const self = await vault.get("auth/token/lookup-self", { token: person.token });
        person.id = asText(self?.entity_id);
      }
    });

    /** Ada's client. `ID` in paths is the folder of the given person. */
    const adaIn = (name: keyof typeof people) => () => ({
      vault: platform.vault,
      token: people.ada.token,
      id: people[name].id,
    });
    const data = { data: { value: "mine" } };
    const ownFolder: readonly Attempt[] = [
      post("kv/data/developers/ID/app", data),
      get("kv/data/developers/ID/app"),
      post("kv/data/developers/ID/deep/er", data),
      list("kv/metadata/developers/ID"),
      list("kv/metadata/developers/ID/deep"),
      get("kv/metadata/developers/ID/app"),
      remove("kv/data/developers/ID/app"),
      post("kv/undelete/developers/ID/app", { versions: [1] }),
      post("kv/destroy/developers/ID/app", { versions: [1] }),
      remove("kv/metadata/developers/ID/app"),
    ];

    describe("in the developer's own folder", () => testAttempts(adaIn("ada"), { may: ownFolder, mayNot: [] }));
    describe("in the folder of another person", () => testAttempts(adaIn("bob"), { may: [], mayNot: ownFolder }));
    describe("outside of these folders", () =>
      testAttempts(adaIn("ada"), {
        may: [],
        mayNot: [
          ...secretsAndRights,
          post("auth/approle/role/own/secret-id"),
          list("kv/metadata"),
          list("kv/metadata/developers"),
          get("kv/data/developers/app"),
          post("kv/data/developers/IDx/app", data),
          get("sys/mounts"),
          list("sys/policies/acl"),
        ],
      }));
  });
});
