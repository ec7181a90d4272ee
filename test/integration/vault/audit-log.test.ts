import { deepStrictEqual, match, ok, rejects } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { entriesAbout, entriesIn } from "../../../services/audit/entries.ts";
import type { Vault } from "../../../sandbox/toolchain/plugins/vault/server/vault.ts";
import type { TestVault } from "../toolchain/vault/openbao.ts";
import { tokenOf } from "./attempts.ts";
import { adminOf, startPlatformServer } from "./platform.ts";

const program = join(import.meta.dirname, "..", "..", "..", "services", "audit", "main.ts");

describe("The audit log of a real OpenBao", function () {
  this.timeout(180_000);
  let server: TestVault;
  let vault: Vault;

  before(async () => {
    server = await startPlatformServer();
    vault = await adminOf(server);
    await vault.post("sys/mounts/kv", { type: "kv-v2" });
    await vault.post("kv/data/iam/reports", { data: { word: "never-log-this" } });
    const token = await tokenOf(vault, "nothing", 'path "none" { capabilities = ["read"] }');
    await rejects(vault.get("kv/data/iam/reports", { token }), { status: 403 });
    await vault.get("kv/data/iam/reports");
  });

  after(() => server.remove());

  /** What the server prints: its own lines and, in a pod, what `kubectl logs` shows. */
  const printed = () => readFile(join(server.folder, "bao.log"), "utf8");

  it("is in what the server prints, beside the file on its volume", async () => {
    const file = await readFile(join(server.folder, "audit.log"), "utf8");
    const [inFile, inPrint] = [file, await printed()].map((log) => entriesAbout(entriesIn(log), "kv/iam/reports"));
    ok((inFile?.length ?? 0) >= 3);
    deepStrictEqual(inPrint, inFile);
  });

  it("shows who changed and who read a secret, and who was refused, but not the secret", async () => {
    const { stdout } = await execa(process.execPath, [program, "kv/iam/reports"], { input: await printed() });
    const lines = stdout.split("\n").map((line) => line.split(/ {3,}/).slice(1, 4));
    deepStrictEqual(lines, [
      ["operation", "result", "who"],
      ["create", "done", "token-pulumi"],
      ["read", "refused", "token"],
      ["read", "done", "token-pulumi"],
    ]);
    ok(!stdout.includes("never-log-this"));
  });

  it("is asked for by a path", async () => {
    const { exitCode, stderr } = await execa(process.execPath, [program], { input: await printed(), reject: false });
    deepStrictEqual(exitCode, 64);
    match(stderr, /no path is given/);
  });
});
