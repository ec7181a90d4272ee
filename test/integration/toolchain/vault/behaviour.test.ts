import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import type { Properties } from "../../../../sandbox/toolchain/plugins/server/values.ts";
import { asText } from "../../../../sandbox/toolchain/plugins/vault/schema/mapping.ts";
import { VaultPlugin } from "../../../../sandbox/toolchain/plugins/vault/plugin.ts";
import { vaultSession } from "../../../../sandbox/toolchain/plugins/vault/server/session.ts";
import type { Vault } from "../../../../sandbox/toolchain/plugins/vault/server/vault.ts";
import { vaultSettings } from "../../../../sandbox/toolchain/plugins/vault/server/settings.ts";
import { startVault, type TestVault } from "./openbao.ts";
import { startPostgres, type TestPostgres } from "./postgres.ts";
import { SingleResourceStack, type State } from "./stack.ts";

describe("The vault plugin with a real OpenBao", function () {
  this.timeout(180_000);
  let server: TestVault | undefined;
  let postgres: TestPostgres | undefined;
  let plugin: VaultPlugin;
  let vault: Vault;

  before(async () => {
    server = await startVault();
    const { username, password } = server.admin;
    const settings = {
      address: server.address,
      caCertFile: server.caCertFile,
      authLoginUserpass: JSON.stringify({ username, password }),
    };
    plugin = new VaultPlugin();
    plugin.configure(settings);
    vault = await vaultSession(vaultSettings(settings, {}));
  });

  after(async () => {
    await server?.remove();
    await postgres?.remove();
  });

  async function create(type: string, program: Properties): Promise<State> {
    const stack = new SingleResourceStack(plugin, type);
    await stack.up(program);
    return stack.existing;
  }

  it("moves a mount with its content when its path changes", async () => {
    const stack = new SingleResourceStack(plugin, "vault:index/mount:Mount");
    await stack.up({ path: "before", type: "kv-v2" });
    await vault.post("before/data/app", { data: { kept: "yes" } });
    strictEqual(await stack.up({ path: "after", type: "kv-v2" }), "updated");
    deepStrictEqual((await vault.get("after/data/app"))?.data, { kept: "yes" });
    strictEqual(await stack.refresh(), "same");
    await stack.destroy();
    strictEqual((await vault.get("sys/mounts"))?.["after/"], undefined);
  });

  it("moves an auth method, or replaces it when disableRemount is set", async () => {
    const stack = new SingleResourceStack(plugin, "vault:index/authBackend:AuthBackend");
    await stack.up({ type: "approle", path: "agents" });
    strictEqual(await stack.up({ type: "approle", path: "robots" }), "updated");
    strictEqual(await stack.refresh(), "same");
    strictEqual(await stack.up({ type: "approle", path: "others", disableRemount: true }), "replaced");
    strictEqual(await stack.refresh(), "same");
  });

  it("adopts a mount of the same type, which a killed run may have created, and refuses one of another type", async () => {
    await vault.post("sys/mounts/half-done", { type: "transit" });
    const engine = new SingleResourceStack(plugin, "vault:index/mount:Mount");
    await engine.up({ path: "half-done", type: "transit", description: "keys", maxLeaseTtlSeconds: 7200 });
    strictEqual(await engine.refresh(), "same");
    await rejects(create("vault:index/mount:Mount", { path: "half-done", type: "kv-v2" }), /path is already in use/);

    await vault.post("sys/auth/half-way", { type: "approle" });
    const method = new SingleResourceStack(plugin, "vault:index/authBackend:AuthBackend");
    await method.up({ type: "approle", path: "half-way", description: "machines" });
    strictEqual(await method.refresh(), "same");
    await rejects(
      create("vault:index/authBackend:AuthBackend", { path: "half-way", type: "jwt" }),
      /path is already in use/,
    );
  });

  it("generates a name where the program sets none, and keeps it", async () => {
    const stack = new SingleResourceStack(plugin, "vault:index/policy:Policy");
    await stack.up({ policy: 'path "a" { capabilities = ["read"] }' });
    const { id } = stack.existing;
    match(id, /^it-[0-9a-f]{7}$/);
    strictEqual(await stack.up({ policy: 'path "b" { capabilities = ["read"] }' }), "updated");
    strictEqual(stack.existing.outputs.name, id);
  });

  it("imports an object by its id with the inputs that a program needs", async () => {
    await vault.post("sys/mounts/imported", { type: "transit", description: "by hand" });
    await vault.post("imported/keys/one", { type: "ed25519" });
    const { context } = new SingleResourceStack(plugin, "vault:transit/secretBackendKey:SecretBackendKey");
    const read = await plugin.read(context, "imported/keys/one", {}, {});
    deepStrictEqual(read?.inputs, { backend: "imported", name: "one", type: "ed25519" });
    const stack = new SingleResourceStack(plugin, context.type);
    stack.state = read;
    strictEqual(await stack.up(stack.existing.inputs), "same");
  });

  it("connects a group of the identity provider with policies", async () => {
    const method = await create("vault:index/authBackend:AuthBackend", { type: "jwt", path: "people" });
    const group = await create("vault:identity/group:Group", {
      name: "operators",
      type: "external",
      policies: ["operator"],
    });
    const stack = new SingleResourceStack(plugin, "vault:identity/groupAlias:GroupAlias");
    const program = { name: "ops", mountAccessor: asText(method.outputs.accessor), canonicalId: group.id };
    await stack.up(program);
    strictEqual(await stack.refresh(), "same");
    strictEqual(await stack.up({ ...program, name: "operations" }), "updated");
    await vault.post(`identity/group-alias/id/${stack.existing.id}`, {
      ...program,
      name: "by hand",
      mount_accessor: program.mountAccessor,
      canonical_id: group.id,
    });
    strictEqual(await stack.refresh(), "different");
    strictEqual(await stack.up(program), "updated");
    await stack.destroy();
    strictEqual((await vault.get(`identity/group/id/${group.id}`))?.name, "operators");
  });

  it("refuses to overwrite a group that somebody else created", async () => {
    await vault.post("identity/group", { name: "taken", policies: ["theirs"] });
    await rejects(
      create("vault:identity/group:Group", { name: "taken", policies: ["ours"] }),
      /an identity group named .* already exists/,
    );
    deepStrictEqual((await vault.get("identity/group/name/taken"))?.policies, ["theirs"]);
  });

  it("adopts a group and an alias that a killed run created before the engine recorded them", async () => {
    const method = await create("vault:index/authBackend:AuthBackend", { type: "jwt", path: "late" });
    const wanted = { name: "recorded-late", type: "external", policies: ["operator"] };
    const group = await create("vault:identity/group:Group", wanted);
    strictEqual((await create("vault:identity/group:Group", wanted)).id, group.id);
    const link = { name: "late", mountAccessor: asText(method.outputs.accessor), canonicalId: group.id };
    const alias = await create("vault:identity/groupAlias:GroupAlias", link);
    strictEqual((await create("vault:identity/groupAlias:GroupAlias", link)).id, alias.id);
  });

  it("configures leased database users over TLS, and does not reset a password that Vault has rotated", async () => {
    postgres = await startPostgres();
    await postgres.sql("CREATE ROLE manager LOGIN SUPERUSER PASSWORD 'never-log-this-manager'");
    await vault.post("sys/mounts/database", { type: "database" });
    const connection = new SingleResourceStack(
      plugin,
      "vault:database/secretBackendConnection:SecretBackendConnection",
    );
    const url = `postgresql://{{username}}:{{password}}@127.0.0.1:${postgres.port}/postgres`;
    const postgresql = {
      connectionUrl: `${url}?sslmode=verify-full&sslrootcert=${postgres.caCertFile}`,
      username: "manager",
      password: "never-log-this-manager",
      passwordAuthentication: "scram-sha-256",
    };
    const program = { backend: "database", name: "main", allowedRoles: ["*"], postgresql };
    await connection.up(program);
    await create("vault:database/secretBackendRole:SecretBackendRole", {
      ...{ backend: "database", name: "hydra", dbName: "main", defaultTtl: 600 },
      creationStatements: [`CREATE ROLE "{{name}}" WITH LOGIN PASSWORD '{{password}}'`],
    });
    const lease = async () => {
      const data = await vault.get("database/creds/hydra");
      return { user: asText(data?.username), password: asText(data?.password) };
    };
    const first = await lease();
    strictEqual(await postgres.sql("SELECT current_user", first), first.user);
    await vault.post("database/rotate-root/main", {});
    strictEqual(await connection.refresh(), "same");
    const changed = { ...program, postgresql: { ...postgresql, maxOpenConnections: 6 } };
    strictEqual(await connection.up(changed), "updated");
    ok((await lease()).user !== first.user);
  });

  it("reports a database connection that fails, without the password", async () => {
    const postgresql = {
      connectionUrl: "postgresql://{{username}}:{{password}}@127.0.0.1:1/x",
      username: "a",
      password: "never-log-this",
    };
    await rejects(
      create("vault:database/secretBackendConnection:SecretBackendConnection", {
        backend: "database",
        name: "bad",
        postgresql,
      }),
      (error: Error) => error.message.includes("database/config/bad") && !error.message.includes("never-log-this"),
    );
  });

  it("keeps write-only values out of the outputs", async () => {
    await vault.post("sys/mounts/hidden", { type: "kv-v2" });
    const state = await create("vault:kv/secretV2:SecretV2", {
      ...{ mount: "hidden", name: "app", dataJsonWo: '{"a":"never-log-this"}', dataJsonWoVersion: 1 },
    });
    deepStrictEqual((await vault.get("hidden/data/app"))?.data, { a: "never-log-this" });
    ok(!JSON.stringify(state.outputs).includes("never-log-this"));
  });
});
