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
  /** The values that the tests read. */
  const seen = new Set<string>();
  const keysAt = async (path = "iam/hydra") => {
    const found = await vault.get(`kv/data/${path}`);
    const keys = JSON.parse(JSON.stringify(found?.data ?? null)) as Record<string, string> | null;
    for (const value of Object.values(keys ?? {}).flatMap((values) => values.split(","))) {
      seen.add(value);
    }
    return keys;
  };

  it("creates the keys once, and does not change them afterwards", async () => {
    assert.equal((await run()).lines.at(-1)?.msg, "keyring created");
    const created = await keysAt();
    assert.match(created?.["secretsSystem"] ?? "", /^[A-Za-z0-9]{32}$/);
    assert.equal((await run()).lines.at(-1)?.msg, "keyring unchanged");
    assert.deepEqual(await keysAt(), created);
  });

  it("adds a new key, and keeps the others unchanged", async () => {
    const created = await keysAt();
    const { lines } = await run({ keys: { ...keys, secretsCipher: { length: 32 } } });
    assert.deepEqual(lines.at(-1)?.["keys"], ["secretsCipher"]);
    const { secretsCipher = "", ...others } = (await keysAt()) ?? {};
    assert.match(secretsCipher, /^[A-Za-z0-9]{32}$/);
    assert.deepEqual(others, created);
  });

  it("puts the new value first in a rotation, and keeps at most `keep` values", async () => {
    const first = (await keysAt())?.["secretsSystem"];
    await run({}, ["--rotate"]);
    const [second, previous] = (await keysAt())?.["secretsSystem"]?.split(",") ?? [];
    assert.equal(previous, first);
    await run({}, ["--rotate"]);
    const values = (await keysAt())?.["secretsSystem"]?.split(",") ?? [];
    assert.equal(values.length, 2);
    assert.equal(values[1], second);
  });

  it("creates deleted keys again, as a new version", async () => {
    await vault.delete("kv/data/iam/hydra");
    assert.equal((await run()).exitCode, 0);
    assert.match((await keysAt())?.["secretsSystem"] ?? "", /^[A-Za-z0-9]{32}$/);
  });

  it("names the missing role, right or file when it cannot log in or read", async () => {
    const unknownRole = await run({ vault: login("nobody") });
    assert.equal(unknownRole.exitCode, 1);
    assert.match(String(unknownRole.lines.at(-1)?.["remedy"]), /auth\/workloads has the role nobody/);
    const elsewhere = await run({ path: "jimm/other" });
    assert.equal(elsewhere.exitCode, 1);
    assert.match(elsewhere.lines.at(-1)?.msg ?? "", /Vault refused GET kv\/data\/jimm\/other \(403\)/);
    const noFile = await run({ vault: { ...login("keyring"), tokenFile: "/nowhere/token" } });
    assert.match(noFile.lines.at(-1)?.msg ?? "", /\/nowhere\/token cannot be read/);
  });

  it("never logs a value", () => {
    assert.ok(seen.size >= 7, `the tests read only ${seen.size} values`);
    for (const value of seen) {
      assert.ok(!program.written.includes(value));
    }
  });
});
