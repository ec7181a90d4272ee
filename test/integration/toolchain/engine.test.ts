import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { eventually } from "../../support/eventually.ts";
import { makeKeyPair } from "../../support/ssh-keys.ts";
import { startServer, type TestServer } from "../../unit/sandbox/toolchain/plugins/command/ssh-server.ts";
import { ScratchProject } from "./project.ts";

const secretWord = "correct-horse-battery";

/** A program with one resource of any type and with any properties, even those that the SDK's types do not allow. */
function untypedProgram(type: string, properties: object): string {
  return `
import { CustomResource } from "@pulumi/pulumi";
new CustomResource(${JSON.stringify(type)}, "thing", ${JSON.stringify(properties)}, { version: "1.2.1" });
`;
}

describe("The toolchain", function () {
  this.timeout(20 * 60_000);
  const key = makeKeyPair();
  let server: TestServer;
  let project: ScratchProject;

  before(async () => {
    server = await startServer(key);
    project = await ScratchProject.create();
  });
  after(async () => {
    await server.stop();
    await project.remove();
  });

  /** A program with a password, a command, and a second command that receives the password. */
  function program({ length = 20, trigger = "one", create = "cat >/dev/null; echo created" } = {}): string {
    const { port, hostKey } = server;
    const connection = { host: "127.0.0.1", port, privateKey: key.private, hostKey };
    return `
import { secret } from "@pulumi/pulumi";
import { Command } from "@pulumi/command/remote/command.js";
import { RandomPassword } from "@pulumi/random/randomPassword.js";

type Length = number;
const size: Length = ${length};
const password = new RandomPassword("password", { length: size, special: false });
const connection = ${JSON.stringify(connection)};
const command = new Command("command", {
  connection,
  create: ${JSON.stringify(create)},
  stdin: secret(${JSON.stringify(secretWord)}),
  triggers: [${JSON.stringify(trigger)}],
  logging: "none",
});
new Command("dependent", {
  connection, create: "true", delete: "true", environment: { PASSWORD: password.result },
});
export const result = password.result;
export const printed = command.stdout;
`;
  }

  it("previews an empty program", async () => {
    assert.deepEqual(await project.changes("preview"), { create: 1, update: 0, replace: 0, delete: 0, same: 0 });
  });

  it("creates the program's resources and returns its outputs", async () => {
    await project.program(program());
    assert.equal((await project.changes("up")).create, 4);
    const { result, printed } = await project.outputs();
    assert.match(String(result), /^[A-Za-z0-9]{20}$/);
    assert.equal(printed, "created");
  });

  it("encrypts every secret in the exported state", async () => {
    const { result } = await project.outputs();
    const state = await project.export();
    assert.match(state, /random:index\/randomPassword:RandomPassword/);
    assert.ok(!state.includes(secretWord) && !state.includes(String(result)));
  });

  it("changes nothing in a second run, and a refresh finds no drift", async () => {
    const nothing = { create: 0, update: 0, replace: 0, delete: 0, same: 4 };
    assert.deepEqual(await project.changes("up"), nothing);
    assert.deepEqual(await project.changes("refresh"), nothing);
  });

  it("updates only a resource that changed", async () => {
    await project.program(program({ create: "cat >/dev/null; echo created again" }));
    assert.deepEqual(await project.changes("preview"), { create: 0, update: 1, replace: 0, delete: 0, same: 3 });
    await project.changes("up");
    assert.equal((await project.outputs()).printed, "created again");
  });

  it("replaces a resource that cannot change in place, and updates the resource that depends on it", async () => {
    await project.program(program({ length: 30, trigger: "two", create: "cat >/dev/null; echo created again" }));
    assert.deepEqual(await project.changes("up"), { create: 0, update: 1, replace: 2, delete: 0, same: 1 });
    assert.equal(String((await project.outputs()).result).length, 30);
  });

  it("reports a failed command in one message, without its secret input", async () => {
    await project.program(program({ length: 30, trigger: "two", create: "cat >&2; exit 9" }));
    const { exitCode, output } = await project.run("up", "--yes", "--skip-preview");
    assert.notEqual(exitCode, 0);
    assert.match(output, /the command ended with code 9; it last printed:\s+\[secret\]/);
    assert.ok(!output.includes(secretWord));
    await project.program(program({ length: 30, trigger: "two", create: "cat >/dev/null; echo created again" }));
    assert.equal((await project.run("up", "--yes", "--skip-preview")).exitCode, 0);
  });

  it("refuses an unknown property by name", async () => {
    await project.program(
      untypedProgram("command:remote:Command", { connection: { host: "h" }, create: "true", enviroment: {} }),
    );
    const { exitCode, output } = await project.run("preview");
    assert.notEqual(exitCode, 0);
    assert.match(output, /enviroment is not a property this plugin knows; did you mean environment\?/);
  });

  it("refuses an unknown resource type by its token", async () => {
    await project.program(untypedProgram("command:local:Command", { create: "true" }));
    const { exitCode, output } = await project.run("preview");
    assert.notEqual(exitCode, 0);
    assert.match(output, /the resource type command:local:Command is not known/);
  });

  it("shows an operator's mistake in the program without a trace", async () => {
    const source =
      "class Mistake extends Error { readonly __pulumiRunError = true; }\nthrow new Mistake('no such setting');";
    await project.program(source);
    const { exitCode, output } = await project.run("preview");
    assert.notEqual(exitCode, 0);
    assert.match(output, /no such setting/);
    assert.doesNotMatch(output, /index\.ts:\d+/);
  });

  it("shows the TypeScript line where a program failed, without source maps", async () => {
    await project.program(`
      import { createRequire } from "node:module";
      const loaded: readonly string[] = Object.keys(createRequire(import.meta.url).cache);
      throw new Error(loaded.some((file) => file.includes("/source-map-support/")) ? "mapped" : "unmapped");
    `);
    const { exitCode, output } = await project.run("preview");
    assert.notEqual(exitCode, 0);
    assert.match(output, /unmapped\s[^]*index\.ts:4/);
  });

  it("stops a preview when a mandatory policy in TypeScript reports a violation", async () => {
    await project.program(program());
    await project.policyPack(`
import { PolicyPack, type ResourceValidationPolicy } from "@pulumi/policy";
const noShortPasswords: ResourceValidationPolicy = {
  name: "no-short-passwords",
  description: "Passwords are long.",
  enforcementLevel: "mandatory",
  validateResource: ({ type, props }, report) => {
    if (type.endsWith(":RandomPassword") && props.length < 24) {
      report("a password of " + props.length + " characters is too short");
    }
  },
};
new PolicyPack("scratch", { policies: [noShortPasswords] });
`);
    const { exitCode, output } = await project.run("preview", "--policy-pack", "pack");
    assert.notEqual(exitCode, 0);
    assert.match(output, /a password of 20 characters is too short/);
    await project.program(program({ length: 30 }));
    assert.equal((await project.run("preview", "--policy-pack", "pack")).exitCode, 0);
  });

  it("shows why a policy pack cannot be loaded", async () => {
    await project.policyPack("throw new Error('the pack is broken');");
    const { exitCode, output } = await project.run("preview", "--policy-pack", "pack");
    assert.notEqual(exitCode, 0);
    assert.match(output, /the pack is broken/);
  });

  it("reports the program's version of Node", async () => {
    const { output } = await project.run("about");
    assert.match(output, new RegExp(process.version.slice(1)));
  });

  it("leaves none of our processes behind when the engine is killed", async () => {
    await project.program(program({ length: 30, trigger: "three", create: "cat >/dev/null; sleep 601" }));
    const engine = project.start("up", "--yes", "--skip-preview");
    const running = (): Promise<string[]> => processesOf(project.folder);
    await eventually("the command runs", 60, () => {
      assert.ok(server.commands.some((command) => command.includes("sleep 601")));
      return Promise.resolve();
    });
    assert.ok((await running()).some((line) => line.includes("resource-command")));
    engine.kill("SIGKILL");
    await engine;
    await eventually("every process of the engine has ended", 20, async () => assert.deepEqual(await running(), []));
    await project.run("cancel", "--yes");
  });

  it("writes each file of the state in one step, so that a kill leaves no partial file", async () => {
    const written = await readdir(join(project.folder, "state"), { recursive: true });
    assert.ok(written.some((name) => name.endsWith("dev.json")));
    assert.deepEqual(
      written.filter((name) => name.endsWith(".attrs")),
      [],
    );
  });

  it("destroys everything", async () => {
    await project.program(program({ length: 30 }));
    assert.equal((await project.run("refresh", "--yes", "--clear-pending-creates", "--skip-preview")).exitCode, 0);
    await project.changes("destroy");
    assert.ok(!(await project.export()).includes('"urn"'));
  });
});

/**
 * Command lines of our own processes of the engine with its state in this folder. Other engines may run at the same time.
 * A plugin of the vendor's looks every five minutes whether its engine exists, and ends then.
 */
async function processesOf(folder: string): Promise<string[]> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const read = (id: string, file: string): Promise<string> => readFile(`/proc/${id}/${file}`, "utf8").catch(() => "");
  const lines = await Promise.all(
    ids.map(async (id) => ((await read(id, "environ")).includes(folder) ? [await read(id, "cmdline")] : [])),
  );
  const commands = lines.flat().map((line) => line.replaceAll("\0", " "));
  return commands.filter((line) => !line.includes("/pulumi-resource-random "));
}
