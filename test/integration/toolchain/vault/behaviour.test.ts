import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import type { Properties } from "../../../../sandbox/toolchain/plugins/server/values.ts";
import { asText } from "../../../../sandbox/toolchain/plugins/vault/schema/mapping.ts";
import { VaultPlugin } from "../../../../sandbox/toolchain/plugins/vault/plugin.ts";
import { vaultSession } from "../../../../sandbox/toolchain/plugins/vault/server/session.ts";
import type { Vault } from "../../../../sandbox/toolchain/plugins/vault/server/vault.ts";
import { vaultSettings } from "../../../../sandbox/toolchain/plugins/vault/server/settings.ts";
import { startVault, type TestVault } from "./openbao.ts";
import { startPostgres, type TestPostgres } from "./postgres.ts";
import { StackOfOne, type State } from "./stack.ts";

describe("What the vault plugin makes on a real OpenBao", function () {
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
    await plugin.configure(settings);
    vault = await vaultSession(vaultSettings(settings, {}));
  });

  after(async () => {
    await server?.remove();
    await postgres?.remove();
  });

  async function made(type: string, program: Properties): Promise<State> {
    const stack = new StackOfOne(plugin, type);
    await stack.up(program);
    return stack.existing;
  }

  it("moves a mount with all that is in it when its path changes, and finds it there afterwards", async () => {
    const stack = new StackOfOne(plugin, "vault:index/mount:Mount");
    await stack.up({ path: "before", type: "kv-v2" });
    await vault.post("before/data/app", { data: { kept: "yes" } });
    strictEqual(await stack.up({ path: "after", type: "kv-v2" }), "updated");
    deepStrictEqual((await vault.get("after/data/app"))?.data, { kept: "yes" });
    strictEqual(await stack.refresh(), "same");
    await stack.destroy();
    strictEqual((await vault.get("sys/mounts"))?.["after/"], undefined);
  });

  it("moves an auth method, or replaces it with disableRemount", async () => {
    const stack = new StackOfOne(plugin, "vault:index/authBackend:AuthBackend");
    await stack.up({ type: "approle", path: "agents" });
    strictEqual(await stack.up({ type: "approle", path: "robots" }), "updated");
    strictEqual(await stack.refresh(), "same");
    strictEqual(await stack.up({ type: "approle", path: "others", disableRemount: true }), "replaced");
    strictEqual(await stack.refresh(), "same");
  });

  it("takes over a mount that it made before its engine was killed, and never one of another type", async () => {
    await vault.post("sys/mounts/half-done", { type: "transit" });
    const engine = new StackOfOne(plugin, "vault:index/mount:Mount");
    await engine.up({ path: "half-done", type: "transit", description: "keys", maxLeaseTtlSeconds: 7200 });
    strictEqual(await engine.refresh(), "same");
    await rejects(made("vault:index/mount:Mount", { path: "half-done", type: "kv-v2" }), /path is already in use/);

    await vault.post("sys/auth/half-way", { type: "approle" });
    const method = new StackOfOne(plugin, "vault:index/authBackend:AuthBackend");
    await method.up({ type: "approle", path: "half-way", description: "machines" });
    strictEqual(await method.refresh(), "same");
    await rejects(
      made("vault:index/authBackend:AuthBackend", { path: "half-way", type: "jwt" }),
      /path is already in use/,
    );
  });

  it("names what the program leaves unnamed, and keeps the name", async () => {
    const stack = new StackOfOne(plugin, "vault:index/policy:Policy");
    await stack.up({ policy: 'path "a" { capabilities = ["read"] }' });
    const { id } = stack.existing;
    match(id, /^it-[0-9a-f]{7}$/);
    strictEqual(await stack.up({ policy: 'path "b" { capabilities = ["read"] }' }), "updated");
    strictEqual(stack.existing.outputs.name, id);
  });

  it("imports an object by its id with the inputs that the program needs", async () => {
    await vault.post("sys/mounts/imported", { type: "transit", description: "by hand" });
    await vault.post("imported/keys/one", { type: "ed25519" });
    const { context } = new StackOfOne(plugin, "vault:transit/secretBackendKey:SecretBackendKey");
    const read = await plugin.read(context, "imported/keys/one", {}, {});
    deepStrictEqual(read?.inputs, { backend: "imported", name: "one", type: "ed25519" });
    const stack = new StackOfOne(plugin, context.type);
    stack.state = read;
    strictEqual(await stack.up(stack.existing.inputs), "same");
  });

  it("signs an intermediate authority whose certificates hold against the root", async () => {
    for (const path of ["pki-root", "pki-services"]) {
      await vault.post(`sys/mounts/${path}`, { type: "pki", config: { max_lease_ttl: "87600h" } });
    }
    const elliptic = { keyType: "ec", keyBits: 256 };
    const root = await made("vault:pkiSecret/secretBackendRootCert:SecretBackendRootCert", {
      ...{ backend: "pki-root", type: "internal", commonName: "Bibind root", ttl: "8760h" },
      ...elliptic,
    });
    const request = await made(
      "vault:pkiSecret/secretBackendIntermediateCertRequest:SecretBackendIntermediateCertRequest",
      { backend: "pki-services", type: "internal", commonName: "Bibind services", ...elliptic },
    );
    strictEqual(request.outputs.privateKey, undefined);
    const signing = new StackOfOne(
      plugin,
      "vault:pkiSecret/secretBackendRootSignIntermediate:SecretBackendRootSignIntermediate",
    );
    const sign = { backend: "pki-root", commonName: "Bibind services", csr: asText(request.outputs.csr), ttl: "4380h" };
    await signing.up({ ...sign, revoke: true });
    strictEqual(await signing.refresh(), "same");
    const signed = signing.existing.outputs;
    strictEqual(Array.isArray(signed.caChains) && signed.caChains.length, 2);
    const set = new StackOfOne(
      plugin,
      "vault:pkiSecret/secretBackendIntermediateSetSigned:SecretBackendIntermediateSetSigned",
    );
    const program = { backend: "pki-services", certificate: asText(signed.certificateBundle) };
    await set.up(program);
    strictEqual(await set.refresh(), "same");
    strictEqual(await set.up(program), "same");
    await made("vault:pkiSecret/secretBackendRole:SecretBackendRole", {
      ...{ backend: "pki-services", name: "web", allowedDomains: ["bibind.test"], allowSubdomains: true },
      ...elliptic,
    });
    const issued = await vault.post("pki-services/issue/web", { common_name: "auth.bibind.test", ttl: "1h" });
    const leaf = new X509Certificate(asText(issued.data?.certificate));
    const intermediate = new X509Certificate(asText(signed.certificate));
    ok(leaf.verify(intermediate.publicKey));
    ok(intermediate.verify(new X509Certificate(asText(root.outputs.certificate)).publicKey));
    await signing.destroy();
    const serial = asText(signed.serialNumber).replaceAll(":", "-");
    ok(Number((await vault.get(`pki-root/cert/${serial}`))?.revocation_time) > 0);
  });

  it("ties a group of the identity provider to policies", async () => {
    const method = await made("vault:index/authBackend:AuthBackend", { type: "jwt", path: "people" });
    const group = await made("vault:identity/group:Group", {
      name: "operators",
      type: "external",
      policies: ["operator"],
    });
    const stack = new StackOfOne(plugin, "vault:identity/groupAlias:GroupAlias");
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

  it("refuses to take over a group that others made", async () => {
    await vault.post("identity/group", { name: "taken", policies: ["theirs"] });
    await rejects(
      made("vault:identity/group:Group", { name: "taken", policies: ["ours"] }),
      /already an identity group/,
    );
    deepStrictEqual((await vault.get("identity/group/name/taken"))?.policies, ["theirs"]);
  });

  it("goes on with a group and an alias that an engine made which was killed before it noted them", async () => {
    const method = await made("vault:index/authBackend:AuthBackend", { type: "jwt", path: "late" });
    const wanted = { name: "noted-late", type: "external", policies: ["operator"] };
    const group = await made("vault:identity/group:Group", wanted);
    strictEqual((await made("vault:identity/group:Group", wanted)).id, group.id);
    const link = { name: "late", mountAccessor: asText(method.outputs.accessor), canonicalId: group.id };
    const alias = await made("vault:identity/groupAlias:GroupAlias", link);
    strictEqual((await made("vault:identity/groupAlias:GroupAlias", link)).id, alias.id);
  });

  it("gives an approle secret id that signs in", async () => {
    await vault.post("sys/auth/approle", { type: "approle" });
    const role = await made("vault:appRole/authBackendRole:AuthBackendRole", { roleName: "agent", tokenTtl: 60 });
    const secret = await made("vault:appRole/authBackendRoleSecretId:AuthBackendRoleSecretId", { roleName: "agent" });
    const body = { role_id: asText(role.outputs.roleId), secret_id: asText(secret.outputs.secretId) };
    ok((await vault.post("auth/approle/login", body)).auth);
  });

  it("rotates database users over TLS, and does not reset a password that Vault has rotated", async () => {
    postgres = await startPostgres();
    await postgres.sql(
      "CREATE ROLE hydra LOGIN; CREATE ROLE manager LOGIN SUPERUSER PASSWORD 'not-to-be-told-manager'",
    );
    await vault.post("sys/mounts/database", { type: "database" });
    const connection = new StackOfOne(plugin, "vault:database/secretBackendConnection:SecretBackendConnection");
    const place = `postgresql://{{username}}:{{password}}@127.0.0.1:${postgres.port}/postgres`;
    const postgresql = {
      connectionUrl: `${place}?sslmode=verify-full&sslrootcert=${postgres.caCertFile}`,
      username: "manager",
      password: "not-to-be-told-manager",
      passwordAuthentication: "scram-sha-256",
    };
    await connection.up({ backend: "database", name: "main", allowedRoles: ["*"], postgresql });
    await made("vault:database/secretBackendStaticRole:SecretBackendStaticRole", {
      ...{ backend: "database", name: "hydra", dbName: "main", username: "hydra", rotationPeriod: 3600 },
    });
    const told = asText((await vault.get("database/static-creds/hydra"))?.password);
    strictEqual(await postgres.sql("SELECT current_user", { user: "hydra", password: told }), "hydra");
    await vault.post("database/rotate-root/main", {});
    strictEqual(await connection.refresh(), "same");
    const changed = { ...postgresql, maxOpenConnections: 6 };
    strictEqual(
      await connection.up({ backend: "database", name: "main", allowedRoles: ["*"], postgresql: changed }),
      "updated",
    );
    await vault.post("database/rotate-role/hydra", {});
  });

  it("shows a wrong database password as what it is, and not the password", async () => {
    const postgresql = {
      connectionUrl: "postgresql://{{username}}:{{password}}@127.0.0.1:1/x",
      username: "a",
      password: "not-to-be-told",
    };
    await rejects(
      made("vault:database/secretBackendConnection:SecretBackendConnection", {
        backend: "database",
        name: "bad",
        postgresql,
      }),
      (error: Error) => error.message.includes("database/config/bad") && !error.message.includes("not-to-be-told"),
    );
  });

  it("keeps what came in write-only out of the outputs", async () => {
    await vault.post("sys/mounts/hidden", { type: "kv-v2" });
    const state = await made("vault:kv/secretV2:SecretV2", {
      ...{ mount: "hidden", name: "app", dataJsonWo: '{"a":"not-to-be-told"}', dataJsonWoVersion: 1 },
    });
    deepStrictEqual((await vault.get("hidden/data/app"))?.data, { a: "not-to-be-told" });
    ok(!JSON.stringify(state.outputs).includes("not-to-be-told"));
  });

  it("tells the engine that an auth method is there when only its configuration fails", async () => {
    const stack = new StackOfOne(plugin, "vault:jwt/authBackend:AuthBackend");
    const program = { path: "half", jwksUrl: "https://127.0.0.1:1/keys" };
    await rejects(stack.up(program), { name: "InitializationError" });
    ok((await vault.get("sys/auth"))?.["half/"]);
  });
});
