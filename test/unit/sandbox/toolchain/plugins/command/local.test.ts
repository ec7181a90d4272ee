import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runLocally } from "../../../../../../sandbox/toolchain/plugins/command/local.ts";
import { localRunInputs } from "../../../../../../sandbox/toolchain/plugins/command/inputs.ts";
import { CommandPlugin } from "../../../../../../sandbox/toolchain/plugins/command/plugin.ts";
import { PluginClient, secret, unknownMarker } from "../server/client.ts";

const type = "command:local:Command";

describe("A local command", () => {
  let client: PluginClient;
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "bibind-command-"));
    client = await PluginClient.serve(new CommandPlugin());
  });
  afterEach(async () => {
    client.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it("runs where it is told, with its environment and standard input", async () => {
    const inputs = {
      create: 'cat; echo " $COLOUR $(pwd)"; echo note >&2',
      dir: folder,
      environment: { COLOUR: "blue" },
      stdin: "in",
    };
    const { id, outputs } = await client.create(type, inputs);
    assert.match(id, /^thing[0-9a-f]{8}$/);
    assert.equal(outputs.stdout, `in blue ${folder}`);
    assert.equal(outputs.stderr, "note");
  });

  it("runs nothing in a preview", async () => {
    const { outputs } = await client.create(type, { create: "touch made", dir: folder }, true);
    assert.equal(outputs.stdout, unknownMarker);
    await assert.rejects(readFile(join(folder, "made")), /ENOENT/);
  });

  it("updates with update or else with create, and sees what it printed before", async () => {
    const old = { stdout: "before", stderr: "" };
    assert.equal(
      (await client.update(type, { create: "no", update: "echo after $PULUMI_COMMAND_STDOUT" }, old)).stdout,
      "after before",
    );
    assert.equal(
      (await client.update(type, { create: "echo ${PULUMI_COMMAND_STDOUT-none}", addPreviousOutputInEnv: false }, old))
        .stdout,
      "none",
    );
    assert.equal((await client.update(type, { delete: "exit 1" }, old)).stdout, "before");
  });

  it("runs its delete command when it is deleted", async () => {
    const inputs = { delete: "echo $PULUMI_COMMAND_STDOUT > deleted", dir: folder };
    await client.delete(type, inputs, { ...inputs, stdout: "printed" });
    assert.equal(await readFile(join(folder, "deleted"), "utf8"), "printed\n");
  });

  it("fails with its exit code and what it printed, without its input", async () => {
    const work = client.create(type, {
      create: "cat >/dev/null; echo the reason >&2; exit 3",
      stdin: "the-input-itself",
    });
    await assert.rejects(work, (error: Error) => {
      assert.match(error.message, /ended with code 3; it last printed:\nthe reason/);
      assert.doesNotMatch(error.message, /the-input-itself|\bat .*\.ts/);
      return true;
    });
  });

  it("keeps what it prints secret when it was given a secret", async () => {
    const { outputs } = await client.create(type, { create: "echo nothing", stdin: secret("a secret word") });
    assert.deepEqual(outputs.stdout, secret("nothing"));
    assert.deepEqual(outputs.stdin, secret("a secret word"));
  });

  it("is replaced when a trigger changes and updated when anything else does", async () => {
    const replaced = await client.diff(type, { create: "a", triggers: [1] }, { create: "a", triggers: [2] });
    assert.deepEqual(replaced.replacesList, ["triggers"]);
    const updated = await client.diff(type, { create: "a" }, { create: "b" });
    assert.deepEqual([updated.replacesList, updated.diffsList], [[], ["create"]]);
  });

  it("refuses properties and types that the plugin does not know, by name", async () => {
    const { failures } = await client.check(type, { creat: "x", environment: { A: 1 } });
    assert.match(failures.map(({ reason }) => reason).join(), /creat is not a property .* did you mean create\?/);
    assert.ok(failures.some(({ property }) => property === "environment.A"));
    await assert.rejects(client.check("command:remote:CopyFile", {}), /deprecated[^]*use CopyToRemote/);
    await assert.rejects(client.check("command:local:Program", {}), /command:local:Program is not known/);
  });

  it("is also there as a function", async () => {
    assert.equal((await client.invoke("command:local:run", { command: "echo hello" })).stdout, "hello");
  });

  it("is stopped with all its children when the operator interrupts", async () => {
    const controller = new AbortController();
    const context = { name: "long", cancelled: controller.signal, log: () => Promise.resolve() };
    const fifo = join(folder, "children");
    const command = `sleep 600 & echo $! > ${fifo}; wait`;
    const running = runLocally(context, command, localRunInputs.parse({ command }));
    const child = await waitForFile(fifo);
    controller.abort(new Error("interrupted"));
    await assert.rejects(running, /interrupted/);
    await assert.rejects(readFile(`/proc/${child}/environ`), /ENOENT|ESRCH/);
  });

  it("shows its output while it runs, as far as logging says", async () => {
    const shown: string[] = [];
    const context = {
      name: "loud",
      cancelled: new AbortController().signal,
      log: (_severity: string, message: string) => Promise.resolve(void shown.push(message)),
    };
    const command = "echo out; echo err >&2";
    await runLocally(context, command, localRunInputs.parse({ command, logging: "stderr" }));
    assert.deepEqual(shown, ["err"]);
  });

  it("names a folder that does not exist", async () => {
    await writeFile(join(folder, "file"), "");
    await assert.rejects(
      client.create(type, { create: "true", dir: join(folder, "none") }),
      /folder .*none does not exist/,
    );
  });
});

async function waitForFile(file: string): Promise<string> {
  for (;;) {
    const content = (await readFile(file, "utf8").catch(() => "")).trim();
    if (content !== "") {
      return content;
    }
    await new Promise(setImmediate);
  }
}
