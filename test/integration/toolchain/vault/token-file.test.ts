import { match, ok, strictEqual } from "node:assert/strict";
import { copyFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { asText } from "../../../../sandbox/toolchain/plugins/vault/schema/mapping.ts";
import { vaultSession } from "../../../../sandbox/toolchain/plugins/vault/server/session.ts";
import type { Vault } from "../../../../sandbox/toolchain/plugins/vault/server/vault.ts";
import { vaultSettings } from "../../../../sandbox/toolchain/plugins/vault/server/settings.ts";
import { ScratchProject } from "../project.ts";
import { startVault, type TestVault } from "./openbao.ts";

/** Like the platform's program, it uses a new token in each run, and its file names are relative to its own folder. */
const program = `
import { copyFile, mkdir } from "node:fs/promises";
import * as pulumi from "@pulumi/pulumi";
import * as vault from "@pulumi/vault";
const config = new pulumi.Config();
await mkdir("private", { recursive: true });
await copyFile(config.require("login"), "private/token");
const provider = new vault.Provider("bao", {
  address: config.require("address"),
  caCertFile: "private/ca.pem",
  authLoginTokenFile: { filename: "private/token" },
  skipChildToken: true,
});
new vault.Mount("kv", { path: "kv", type: "kv-v2" }, { provider });
`;

describe("A program whose Vault token is in a file", function () {
  this.timeout(20 * 60_000);
  let server: TestVault;
  let admin: Vault;
  let project: ScratchProject;
  let tokens: string[];

  /** Creates a token for the next login of the program. */
  async function allowLogin(): Promise<void> {
    const answer = await admin.post("auth/token/create", { policies: ["admin"], ttl: "10m" });
    const token = asText(answer.auth?.client_token);
    tokens.push(token);
    await writeFile(join(project.folder, "login"), token, { mode: 0o600 });
  }

  before(async () => {
    tokens = [];
    server = await startVault();
    project = await ScratchProject.create();
    const { username, password } = server.admin;
    const authLoginUserpass = JSON.stringify({ username, password });
    const settings = { address: server.address, caCertFile: server.caCertFile, authLoginUserpass };
    admin = await vaultSession(vaultSettings(settings, {}));
    await project.write(
      "Pulumi.yaml",
      "name: scratch\nmain: program/index.ts\nruntime: { name: nodejs, options: { typescript: false } }\n",
    );
    await project.write("program/index.ts", program);
    await project.write("program/private/.keep", "");
    await copyFile(server.caCertFile, join(project.folder, "program/private/ca.pem"));
    await project.run("config", "set", "address", server.address);
    await project.run("config", "set", "login", join(project.folder, "login"));
  });

  after(async () => {
    await server.remove();
    await project.remove();
  });

  it("reads the token and the CA from its own folder, although the engine runs in another folder", async () => {
    await allowLogin();
    strictEqual((await project.changes("up")).create, 3);
    ok((await admin.get("sys/mounts"))?.["kv/"]);
  });

  it("changes nothing when only the token is new", async () => {
    await allowLogin();
    const { create, update, replace, same } = await project.changes("up");
    strictEqual([create, update, replace, same].join(), "0,0,0,3");
  });

  it("keeps no token in its state", async () => {
    const state = await project.export();
    ok(state.includes("private/token"));
    ok(tokens.every((token) => token.length > 20 && !state.includes(token)));
  });

  it("reports a missing or revoked token, and the remedy in the message works", async () => {
    const refresh = ["refresh", "--yes", "--skip-preview"];
    await rm(join(project.folder, "program/private/token"));
    const missing = await project.run(...refresh);
    match(missing.output, /program\/private\/token[^]*remedy: run `pulumi up`[^]*--run-program/);
    ok(missing.exitCode !== 0);
    await allowLogin();
    const refreshed = await project.run(...refresh, "--run-program");
    strictEqual(refreshed.exitCode, 0, refreshed.output);
    await admin.post("auth/token/revoke", { token: tokens.at(-1) ?? "" });
    match((await project.run(...refresh)).output, /does not accept the token in the file[^]*--run-program/);
  });

  it("is destroyed with --run-program", async () => {
    await allowLogin();
    const { exitCode, output } = await project.run("destroy", "--yes", "--skip-preview", "--run-program");
    strictEqual(exitCode, 0, output);
    strictEqual((await admin.get("sys/mounts"))?.["kv/"], undefined);
  });
});
