import assert from "node:assert/strict";
import { connectionInputs, remoteCommandInputs } from "../../../../../../sandbox/toolchain/plugins/command/inputs.ts";
import { CommandPlugin } from "../../../../../../sandbox/toolchain/plugins/command/plugin.ts";
import { runRemotely } from "../../../../../../sandbox/toolchain/plugins/command/remote.ts";
import { PluginClient, secret, unknownMarker } from "../server/client.ts";
import { makeKeyPair } from "../../../../../support/ssh-keys.ts";
import { startServer, type TestServer } from "./ssh-server.ts";

const type = "command:remote:Command";
const key = makeKeyPair();

describe("A remote command", () => {
  let server: TestServer;
  let client: PluginClient;
  let connection: {
    host: string;
    port: number;
    user: string;
    privateKey: string;
    hostKey: string;
    dialErrorLimit: number;
  };

  before(async () => {
    server = await startServer(key);
  });
  after(() => server.stop());
  beforeEach(async () => {
    server.commands.length = 0;
    const { port, hostKey } = server;
    connection = { host: "127.0.0.1", port, user: "root", privateKey: key.private, hostKey, dialErrorLimit: 0 };
    client = await PluginClient.serve(new CommandPlugin());
  });
  afterEach(() => client.stop());

  const messageOf = (overrides: object) =>
    client.create(type, { connection: { ...connection, ...overrides }, create: "id", stdin: "the-input" }).then(
      () => assert.fail("the command was expected to be refused"),
      (error: unknown) => {
        assert.ok(error instanceof Error);
        assert.ok(!error.message.includes("PRIVATE KEY") && !error.message.includes("the-input"), error.message);
        assert.doesNotMatch(error.message, /\n\s+at /);
        return error.message;
      },
    );

  it("runs on the host with its input and returns its output", async () => {
    const inputs = {
      connection: secret(connection),
      create: "cat; echo $GREETING; echo note >&2",
      stdin: "in\n",
      environment: { GREETING: "hi" },
    };
    const { id, outputs } = await client.create(type, inputs);
    assert.match(id, /^thing/);
    assert.deepEqual(outputs.stdout, secret("in\nhi"));
    assert.deepEqual(outputs.stderr, secret("note"));
    assert.deepEqual(outputs.connection, secret(connection));
  });

  it("updates with `update`, else with `create`, and gives the command the previous output", async () => {
    const old = { connection, stdout: "old", stderr: "" };
    const update = async (inputs: object) => (await client.update(type, { connection, ...inputs }, old)).stdout;
    assert.equal(await update({ create: "exit 1", update: "echo new $PULUMI_COMMAND_STDOUT" }), "new old");
    const create = "echo ${PULUMI_COMMAND_STDOUT-none}";
    assert.equal(await update({ create, addPreviousOutputInEnv: false }), "none");
    assert.equal(await update({ delete: "exit 1" }), "old");
    assert.deepEqual(server.commands, ["echo new $PULUMI_COMMAND_STDOUT", create]);
  });

  it("runs its delete command when the resource is deleted", async () => {
    const inputs = { connection, create: "exit 1", delete: "true" };
    await client.delete(type, inputs, { ...inputs, stdout: "printed" });
    assert.deepEqual(server.commands, ["true"]);
  });

  it("is replaced when a trigger changes and updated when anything else changes", async () => {
    const inputs = { connection, create: "a", triggers: [1] };
    const replaced = await client.diff(type, inputs, { ...inputs, triggers: [2] });
    assert.deepEqual(replaced.replacesList, ["triggers"]);
    const updated = await client.diff(type, inputs, { ...inputs, create: "b" });
    assert.deepEqual([updated.replacesList, updated.diffsList], [[], ["create"]]);
  });

  it("makes its output secret when an input is secret", async () => {
    const { outputs } = await client.create(type, {
      connection,
      create: "echo nothing",
      stdin: secret("a secret word"),
    });
    assert.deepEqual(outputs.stdout, secret("nothing"));
    assert.deepEqual(outputs.stdin, secret("a secret word"));
  });

  it("shows only the output that logging selects", async () => {
    const shown: string[] = [];
    const context = {
      name: "logging",
      cancelled: new AbortController().signal,
      log: (_severity: string, message: string) => Promise.resolve(void shown.push(message)),
    };
    const inputs = remoteCommandInputs.parse({ connection, logging: "stderr" });
    await runRemotely(context, "echo out; echo err >&2", inputs);
    assert.deepEqual(shown, ["err"]);
  });

  it("transfers a megabyte of input and output", async () => {
    const stdin = "0123456789abcdef".repeat(65536);
    const inputs = remoteCommandInputs.parse({ connection, stdin, logging: "none" });
    const context = { name: "big", cancelled: new AbortController().signal, log: () => Promise.resolve() };
    assert.equal((await runRemotely(context, "cat", inputs)).stdout, stdin);
  });

  it("does not connect in a preview", async () => {
    assert.equal((await client.create(type, { connection, create: "id" }, true)).outputs.stdout, unknownMarker);
    assert.deepEqual(server.commands, []);
  });

  it("fails with its exit code and its last output", async () => {
    const work = client.create(type, { connection, create: "echo broken >&2; exit 4" });
    await assert.rejects(
      work,
      /ended with code 4; it last printed:\nbroken\n\s+where:\s+remote command thing on 127.0.0.1/,
    );
  });

  it("refuses a host with another key of the same type, and runs nothing there", async () => {
    assert.match(
      await messageOf({ hostKey: makeKeyPair().public }),
      /shows another key \(SHA256:.*nothing was run there/,
    );
    assert.deepEqual(server.commands, []);
  });

  it("refuses a host that has no key of the expected type", async () => {
    assert.match(await messageOf({ hostKey: makeKeyPair("ecdsa").public }), /no key of type ecdsa-sha2-nistp256/);
    assert.deepEqual(server.commands, []);
  });

  it("refuses a text that is not a host key", async () => {
    assert.match(await messageOf({ hostKey: "SHA256:abc" }), /connection.hostKey holds no SSH public key/);
  });

  it("accepts a line of known_hosts as the host key", async () => {
    const hostKey = `127.0.0.1 ${server.hostKey}`;
    assert.ok((await client.create(type, { connection: { ...connection, hostKey }, create: "true" })).id);
  });

  it("reports without a retry that the host refuses the key", async () => {
    assert.match(
      await messageOf({ privateKey: makeKeyPair().private, dialErrorLimit: 10 }),
      /refuses user root with the private key/,
    );
  });

  it("names the host and user although the SDK makes the whole connection a secret", async () => {
    const guarded = secret({ ...connection, user: "administrator", password: "administrator-password" });
    const work = client.create(type, { connection: guarded, create: "echo administrator-password >&2; exit 1" });
    await assert.rejects(work, /\[secret\][^]*remote command thing on 127\.0\.0\.1/);
    const unreachable = client.create(type, {
      connection: secret({ ...connection, user: "administrator", port: 1 }),
      create: "",
    });
    await assert.rejects(unreachable, /administrator@127\.0\.0\.1:1/);
  });

  it("reports a private key that cannot be read", async () => {
    assert.match(await messageOf({ privateKey: "no key" }), /private key cannot be read/);
  });

  it("reports a host that cannot be reached", async () => {
    assert.match(await messageOf({ port: 1 }), /cannot be reached: .*ECONNREFUSED[^]*root@127.0.0.1:1[^]*firewall/);
  });

  it("connects through a proxy, whose key is checked too", async () => {
    const proxy = await startServer(key);
    try {
      const { port, hostKey } = proxy;
      const through = (overrides: object) => ({ ...connection, proxy: { ...connection, port, hostKey, ...overrides } });
      const { outputs } = await client.create(type, { connection: through({}), create: "echo inside" });
      assert.equal(outputs.stdout, "inside");
      const work = client.create(type, { connection: through({ hostKey: server.hostKey }), create: "echo inside" });
      await assert.rejects(work, /shows another key/);
    } finally {
      await proxy.stop();
    }
  });

  it("reports a connection that is lost while the command runs", async () => {
    const work = client.create(type, { connection, create: "sleep 600" });
    const dropped = assert.rejects(work, /connection was lost while the command ran/);
    while (server.commands.length === 0) {
      await new Promise(setImmediate);
    }
    server.drop();
    await dropped;
  });

  it("stops when the operator interrupts", async () => {
    const controller = new AbortController();
    const context = { name: "long", cancelled: controller.signal, log: () => Promise.resolve() };
    const running = runRemotely(context, "sleep 600", remoteCommandInputs.parse({ connection }));
    const stopped = assert.rejects(running, /interrupted/);
    while (server.commands.length === 0) {
      await new Promise(setImmediate);
    }
    controller.abort(new Error("interrupted"));
    await stopped;
  });

  it("warns when the host is not checked", async () => {
    const shown: string[] = [];
    const context = {
      name: "unchecked",
      cancelled: new AbortController().signal,
      log: (severity: string, message: string) => Promise.resolve(void shown.push(`${severity}: ${message}`)),
    };
    const unchecked = { ...connection, hostKey: undefined };
    await runRemotely(context, "true", remoteCommandInputs.parse({ connection: unchecked }));
    assert.deepEqual(shown, [
      "warning: the identity of 127.0.0.1 is not checked: set connection.hostKey to its public key",
    ]);
  });

  it("refuses an unknown or invalid property of the connection by its path", async () => {
    const { failures } = await client.check(type, { connection: { ...connection, hostkey: "x", port: 0 } });
    assert.deepEqual(failures.map(({ property }) => property).sort(), ["connection.hostkey", "connection.port"]);
  });

  it("refuses an unknown property by name and suggests the most similar one", async () => {
    const { failures } = await client.check(type, { connection, creat: "x", environment: { A: 1 } });
    assert.match(failures.map(({ reason }) => reason).join(), /creat is not a property .* did you mean create\?/);
    assert.ok(failures.some(({ property }) => property === "environment.A"));
  });

  it("is the only resource type; any other is refused by its token", async () => {
    const refused = /command:local:Command is not known[^]*use command:remote:Command/;
    await assert.rejects(client.check("command:local:Command", { create: "true" }), refused);
    await assert.rejects(client.delete("command:local:Command", {}, {}), refused);
  });

  it("has the vendor's defaults for a connection", () => {
    const { port, user, dialErrorLimit, perDialTimeout } = connectionInputs.parse({ host: "h" });
    assert.deepEqual(
      { port, user, dialErrorLimit, perDialTimeout },
      { port: 22, user: "root", dialErrorLimit: 10, perDialTimeout: 15 },
    );
  });
});
