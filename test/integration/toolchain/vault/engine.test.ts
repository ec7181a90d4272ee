import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { projectFolder } from "../../../../sandbox/builds/folders.ts";
import { backendUrl } from "../../../../sandbox/commands/stack/folder.ts";
import { goTool } from "../../../../sandbox/toolchain/go/build.ts";
import { preparePulumiHome } from "../../../../sandbox/toolchain/home.ts";
import { vaultSession } from "../../../../sandbox/toolchain/plugins/vault/server/session.ts";
import type { Vault } from "../../../../sandbox/toolchain/plugins/vault/server/vault.ts";
import { vaultSettings } from "../../../../sandbox/toolchain/plugins/vault/server/settings.ts";
import { startVault, type TestVault } from "./openbao.ts";

const program = `
import * as pulumi from "@pulumi/pulumi";
import * as vault from "@pulumi/vault";
const config = new pulumi.Config();
const authLoginUserpass = { username: "admin", password: config.requireSecret("password") };
const provider = new vault.Provider("bao", {
  address: config.require("address"),
  caCertFile: config.require("ca"),
  authLoginUserpass,
});
const options = { provider };
const kv = new vault.Mount("kv", { path: "kv", type: "kv-v2", description: config.get("text") ?? "first" }, options);
const dataJson = config.requireSecret("value").apply((value) => JSON.stringify({ value }));
const secret = new vault.kv.SecretV2("app", { mount: kv.path, name: "app", dataJson }, options);
const policy = new vault.Policy("reader", {
  policy: pulumi.interpolate\`path "\${secret.path}" { capabilities = ["read"] }\`,
}, options);
const method = new vault.AuthBackend("pipelines", { type: "jwt" }, options);
new vault.jwt.AuthBackendRole("agent", {
  backend: method.path, roleName: "agent", roleType: "jwt", userClaim: "sub", boundAudiences: ["vault"],
  tokenPolicies: [policy.name], tokenTtl: 600,
}, options);
const extra = config.getObject<Record<string, unknown>>("extra");
if (extra !== undefined) {
  new vault.Mount("extra", extra as unknown as vault.MountArgs, options);
}
export const policyName = policy.name;
`;

const summary = z.object({ steps: z.array(z.object({ op: z.string(), urn: z.string() })).default([]) });

describe("A program with the vault provider, on the real engine and a real OpenBao", function () {
  this.timeout(600_000);
  const value = "never-log-this-value";
  let server: TestVault;
  let vault: Vault;
  let folder: string;
  let run: (...args: readonly string[]) => Promise<string>;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "bibind-vault-engine-"));
    server = await startVault();
    const home = join(folder, "home");
    await preparePulumiHome(home, { plugins: ["vault"] });
    const pulumi = join(await goTool("pulumi"), "pulumi");
    await mkdir(join(folder, "state"));
    await symlink(join(projectFolder, "node_modules"), join(folder, "node_modules"));
    await writeFile(join(folder, "package.json"), JSON.stringify({ name: "it", type: "module", main: "index.ts" }));
    await writeFile(join(folder, "Pulumi.yaml"), "name: it\nruntime: nodejs\n");
    await writeFile(join(folder, "index.ts"), program);
    const env = {
      PULUMI_HOME: home,
      PULUMI_BACKEND_URL: backendUrl(`${folder}/state`),
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    run = async (...args) => {
      const { all, exitCode } = await execa(pulumi, args, { cwd: folder, env, all: true, reject: false });
      if (exitCode !== 0) {
        throw new Error(all);
      }
      return all;
    };
    const { username, password } = server.admin;
    const authLoginUserpass = JSON.stringify({ username, password });
    const settings = { address: server.address, caCertFile: server.caCertFile, authLoginUserpass };
    vault = await vaultSession(vaultSettings(settings, {}));
    await run("stack", "init", "test");
    await run("config", "set", "address", server.address);
    await run("config", "set", "ca", server.caCertFile);
    await run("config", "set", "--secret", "password", password);
    await run("config", "set", "--secret", "value", value);
  });

  after(async () => {
    await server.remove();
    await rm(folder, { recursive: true, force: true });
  });

  const up = () => run("up", "--yes", "--skip-preview", "--non-interactive");

  async function planned(): Promise<string[]> {
    const { steps } = summary.parse(JSON.parse(await run("preview", "--json", "--non-interactive")));
    return steps.filter(({ op }) => op !== "same").map(({ op, urn }) => `${op} ${urn.split("::").at(-1) ?? ""}`);
  }

  it("creates everything in one run", async () => {
    ok((await planned()).includes("create app"));
    match(await up(), /\+ 7 created/);
    deepStrictEqual((await vault.get("kv/data/app"))?.data, { value });
  });

  it("changes nothing in a second run, and a refresh finds nothing", async () => {
    deepStrictEqual(await planned(), []);
    match(await run("refresh", "--yes", "--skip-preview", "--non-interactive"), /7 unchanged/);
  });

  it("changes one resource when one setting changes", async () => {
    await run("config", "set", "text", "second");
    deepStrictEqual(await planned(), ["update kv"]);
    match(await up(), /~ 1 updated/);
  });

  it("finds changes and deletions by hand in a refresh, and reverts them", async () => {
    await vault.post("sys/mounts/kv/tune", { description: "by hand" });
    await vault.delete("auth/jwt/role/agent");
    match(await run("refresh", "--yes", "--skip-preview", "--non-interactive"), /~ 1 updated[^]*- 1 deleted/);
    match(await up(), /\+ 1 created[^]*~ 1 updated/);
    deepStrictEqual(await planned(), []);
  });

  it("keeps every secret encrypted in the state", async () => {
    const state = await run("stack", "export");
    for (const secret of [value, server.admin.password]) {
      ok(secret.length > 10 && !state.includes(secret));
    }
    match(await run("stack", "output", "policyName"), /^reader-[0-9a-f]{7}\s*$/);
  });

  it("refuses an unsupported property by name, before it creates anything", async () => {
    await run("config", "set", "--path", "extra.path", "more");
    await run("config", "set", "--path", "extra.type", "kv");
    await run("config", "set", "--path", "extra.sealWrap", "true");
    const failure = await up().catch((error: unknown) => String(error));
    match(failure, /sealWrap[^]*only Vault Enterprise has it/);
    strictEqual((await vault.get("sys/mounts"))?.["more/"], undefined);
    await run("config", "rm", "extra");
  });

  it("deletes everything", async () => {
    await run("destroy", "--yes", "--skip-preview", "--non-interactive");
    strictEqual((await vault.get("sys/mounts"))?.["kv/"], undefined);
    strictEqual((await vault.get("sys/auth"))?.["jwt/"], undefined);
  });
});
