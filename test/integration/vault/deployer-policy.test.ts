import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { deployerName, deployerPolicy } from "../../../components/vault/policies/deployer.ts";
import { asText } from "../../../sandbox/toolchain/plugins/vault/schema/mapping.ts";
import { VaultPlugin } from "../../../sandbox/toolchain/plugins/vault/plugin.ts";
import type { Vault } from "../../../sandbox/toolchain/plugins/vault/server/vault.ts";
import { startVault, type TestVault } from "../toolchain/vault/openbao.ts";
import { startPostgres, type TestPostgres } from "../toolchain/vault/postgres.ts";
import { SingleResourceStack } from "../toolchain/vault/stack.ts";
import { get, testAttempts, list, post, remove, tokenOf, type Attempt } from "./attempts.ts";
import { adminOf } from "./platform.ts";
import { platformResources } from "./platform-resources.ts";

/** Requests that read a secret, create a token or change the deployer's own login. */
const denied: readonly Attempt[] = [
  get("kv/data/iam/hydra"),
  post("kv/data/iam/hydra", { data: { value: "other" } }),
  list("kv/metadata/iam"),
  get("kv/metadata/iam/hydra"),
  get("kv/data/settings/iam/seal"),
  list("kv/metadata/settings/iam"),
  get("kv/data/oauth/iam/console"),
  remove("kv/metadata/oauth/iam/console"),
  get("database/creds/hydra"),
  post("database/static-roles/own", { db_name: "main", username: "hydra", rotation_period: 60 }),
  post("database/rotate-role/hydra"),
  post("transit/encrypt/hydra", { plaintext: "" }),
  post("transit/decrypt/hydra", { ciphertext: "vault:v1:" }),
  post("transit/datakey/plaintext/hydra"),
  get("transit/export/encryption-key/hydra"),
  get("transit/backup/hydra"),
  post("pki/issue/hydra", { common_name: "hydra.iam.svc" }),
  post("pki/sign/hydra", { csr: "" }),
  post("pki/issuers/generate/root/exported", { common_name: "x" }),
  post("pki/root/sign-intermediate", { csr: "" }),
  post("auth/token/create", { policies: ["operator"] }),
  post("auth/token/create-orphan"),
  post("auth/token/roles/own", { allowed_policies: "operator" }),
  list("auth/token/accessors"),
  post("auth/approle/role/agent/secret-id"),
  post("auth/kubernetes/role/pulumi", { token_policies: ["operator"], bound_service_account_names: ["pulumi"] }),
  remove("auth/kubernetes/role/pulumi"),
  remove("sys/auth/kubernetes"),
  remove("sys/policies/acl/pulumi"),
  post("sys/mounts/own", { type: "ssh" }),
  post("sys/auth/own", { type: "userpass" }),
  post("identity/entity", { name: "own", policies: ["operator"] }),
  post("sys/remount", { from: "kv", to: "own" }),
  post("sys/audit/own", { type: "file", options: { file_path: "/dev/null" } }),
  remove("sys/audit/file"),
  post("sys/leases/revoke-prefix/database"),
  get("sys/storage/raft/snapshot"),
  post("sys/seal"),
  get("cubbyhole/own"),
];

describe("The policy of the deployer, on a real OpenBao", function () {
  this.timeout(180_000);
  let server: TestVault;
  let postgres: TestPostgres;
  let vault: Vault;
  let token: string;
  const stacks: SingleResourceStack[] = [];

  before(async () => {
    server = await startVault();
    postgres = await startPostgres();
    await postgres.sql("CREATE ROLE hydra LOGIN");
    vault = await adminOf(server);
    await vault.post("sys/auth/kubernetes", { type: "kubernetes" });
    await vault.post("auth/kubernetes/role/pulumi", {
      bound_service_account_names: ["pulumi"],
      bound_service_account_namespaces: ["iam"],
    });
    token = await tokenOf(vault, deployerName, deployerPolicy);
  });

  after(async () => {
    await server.remove();
    await postgres.remove();
  });

  it("allows the deployer to create, refresh and update everything, and a second run changes nothing", async () => {
    const plugin = new VaultPlugin();
    plugin.configure({ address: server.address, caCertFile: server.caCertFile, token, skipChildToken: "true" });
    const outcomes = new Set<string>();
    for (const [type, program] of platformResources(postgres)) {
      const stack = new SingleResourceStack(plugin, type);
      outcomes.add(await stack.up(program));
      stacks.push(stack);
      strictEqual(await stack.refresh(), "same", type);
      strictEqual(await stack.up(program), "same", type);
    }
    deepStrictEqual([...outcomes], ["created"]);
    const group = stacks.find((stack) => stack.context.type === "vault:identity/group:Group");
    const method = stacks.find(({ state }) => state?.inputs.type === "jwt");
    const alias = new SingleResourceStack(plugin, "vault:identity/groupAlias:GroupAlias");
    const mountAccessor = asText(method?.existing.outputs.accessor);
    await alias.up({ name: "operator", mountAccessor, canonicalId: group?.existing.id ?? "" });
    strictEqual(await alias.refresh(), "same");
    strictEqual(await alias.up({ name: "operators", mountAccessor, canonicalId: group?.existing.id ?? "" }), "updated");
    stacks.push(alias);
  });

  describe("with secrets in Vault", () => {
    before(async () => {
      for (const path of ["iam/hydra", "settings/iam/seal", "oauth/iam/console"]) {
        await vault.post(`kv/data/${path}`, { data: { value: "secret" } });
      }
      await vault.post("sys/audit/file", { type: "file", options: { file_path: `${server.folder}/audit.log` } });
    });
    testAttempts(() => ({ vault, token }), {
      may: [
        get("auth/kubernetes/role/pulumi"),
        post("kv/data/settings/iam/seal", { data: { value: "other" } }),
        remove("kv/metadata/settings/iam/seal"),
        post("kv/metadata/iam/hydra", { max_versions: 10 }),
      ],
      mayNot: denied,
    });

    it("allows the deployer to delete the keys of an application, which it cannot read", async () => {
      await vault.send("DELETE", "kv/metadata/iam/hydra", { token });
      await rejects(vault.post("kv/destroy/iam/hydra", { versions: [1] }, { token }), { status: 403 });
    });
  });

  describe("when a layer is removed", () => {
    it("allows the deployer to delete everything in the engines and auth methods, which stay with Vault", async () => {
      const lasting = ["vault:index/mount:Mount", "vault:index/authBackend:AuthBackend"];
      for (const stack of stacks.filter(({ context }) => !lasting.includes(context.type)).reverse()) {
        await stack.destroy();
      }
      const paths = ["auth/kubernetes/role", "database/config", "database/roles", "transit/keys", "pki/roles"];
      const left = await Promise.all(paths.map((path) => vault.send("LIST", path, {})));
      deepStrictEqual(
        left.map((answer) => answer?.data?.keys ?? []),
        [["pulumi"], [], [], [], []],
      );
    });
  });
});
