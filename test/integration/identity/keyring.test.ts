import assert from "node:assert/strict";
import type { Vault } from "../../../sandbox/toolchain/plugins/vault/server/vault.ts";
import { startVault, type TestVault } from "../toolchain/vault/openbao.ts";
import { Program } from "./program.ts";
import { administrator, prepareVault, type VaultConfig } from "./vault-login.ts";

describe("The command keyring on a real Vault", function () {
  this.timeout(120_000);
  let server: TestVault;
  let vault: Vault;
  let program: Program;
  let login: (role: string) => VaultConfig;

  before(async () => {
    server = await startVault();
    vault = await administrator(server);
    login = await prepareVault(server, vault);
    program = await Program.prepare(server.caCertFile);
  });

  after(async () => {
    await program.remove();
    await server.remove();
  });

  const keys = { secretsSystem: { length: 32 }, secretsCookie: { length: 32 } };
  const run = (changes: object = {}, flags: readonly string[] = []) =>
    program.run("keyring", { vault: login("keyring"), path: "iam/hydra", keys, keep: 2, ...changes }, flags);
  const held = async (path = "iam/hydra") => {
    const found = await vault.get(`kv/data/${path}`);
    return JSON.parse(JSON.stringify(found?.data ?? null)) as Record<string, string> | null;
  };

  it("makes the keys once, and does not touch them afterwards", async () => {
    assert.equal((await run()).lines.at(-1)?.msg, "keyring made");
    const made = await held();
    assert.match(made?.["secretsSystem"] ?? "", /^[A-Za-z0-9]{32}$/);
    assert.equal((await run()).lines.at(-1)?.msg, "keyring unchanged");
    assert.deepEqual(await held(), made);
  });

  it("adds a key that is newly declared, and only that", async () => {
    const made = await held();
    const { lines } = await run({ keys: { ...keys, secretsCipher: { length: 32 } } });
    assert.deepEqual(lines.at(-1)?.["keys"], ["secretsCipher"]);
    const { secretsCipher = "", ...others } = (await held()) ?? {};
    assert.match(secretsCipher, /^[A-Za-z0-9]{32}$/);
    assert.deepEqual(others, made);
  });

  it("rotates: the new value first, the former kept for reading, up to `keep`", async () => {
    const first = (await held())?.["secretsSystem"];
    await run({}, ["--rotate"]);
    const [second, kept] = (await held())?.["secretsSystem"]?.split(",") ?? [];
    assert.equal(kept, first);
    await run({}, ["--rotate"]);
    const values = (await held())?.["secretsSystem"]?.split(",") ?? [];
    assert.equal(values.length, 2);
    assert.equal(values[1], second);
  });

  it("makes the keys anew where they were deleted, over the versions that are there", async () => {
    await vault.delete("kv/data/iam/hydra");
    assert.equal((await run()).exitCode, 0);
    assert.match((await held())?.["secretsSystem"] ?? "", /^[A-Za-z0-9]{32}$/);
  });

  it("says what is missing when Vault does not let it in, or not there", async () => {
    const unknownRole = await run({ vault: login("nobody") });
    assert.equal(unknownRole.exitCode, 1);
    assert.match(String(unknownRole.lines.at(-1)?.["remedy"]), /auth\/workloads has the role nobody/);
    const elsewhere = await run({ path: "jimm/other" });
    assert.equal(elsewhere.exitCode, 1);
    assert.match(elsewhere.lines.at(-1)?.msg ?? "", /Vault refused GET kv\/data\/jimm\/other \(403\)/);
    const noFile = await run({ vault: { ...login("keyring"), tokenFile: "/nowhere/token" } });
    assert.match(noFile.lines.at(-1)?.msg ?? "", /\/nowhere\/token cannot be read/);
  });

  it("never wrote a value", async () => {
    for (const value of Object.values((await held()) ?? {}).flatMap((values) => values.split(","))) {
      assert.ok(!program.written.includes(value));
    }
  });
});
