import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { glob, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { build } from "../../../sandbox/builds/store.ts";
import { CommandPlugin } from "../../../sandbox/toolchain/plugins/command/plugin.ts";
import { makeKeyPair, startServer, type TestServer } from "../../unit/sandbox/toolchain/plugins/command/ssh-server.ts";
import { PluginClient } from "../../unit/sandbox/toolchain/plugins/server/client.ts";

const type = "command:remote:CopyToRemote";
const key = makeKeyPair();

/** OpenSSH's own SFTP server, from its Debian package; nothing is installed on this machine. */
async function sftpServer(): Promise<string> {
  const folder = await build({
    name: "openssh-sftp-server",
    inputs: { package: "openssh-sftp-server" },
    produce: async (into) => {
      await execa("apt-get", ["download", "openssh-sftp-server"], { cwd: into });
      for await (const file of glob("*.deb", { cwd: into })) {
        await execa("dpkg", ["-x", join(into, file), into]);
      }
    },
  });
  return join(folder, "usr/lib/openssh/sftp-server");
}

/** An asset or archive of a path or text, as the engine sends it. */
function source(content: { path: string } | { text: string }, kind: "asset" | "archive" = "asset") {
  const signature = kind === "asset" ? "c44067f5952c0a294b673a41bacd8c17" : "0def7320c3a5731c473e5ecbe6d01bc7";
  const hash = createHash("sha256").update(JSON.stringify(content)).digest("hex");
  return { "4dabf18193072939515e22adb298388d": signature, hash, ...content };
}

describe("A copy to a remote host", function () {
  this.timeout(120_000);
  let server: TestServer;
  let client: PluginClient;
  let folder: string;
  let connection: { host: string; port: number; privateKey: string; hostKey: string };

  before(async () => {
    server = await startServer(key, { sftpServer: await sftpServer() });
    client = await PluginClient.serve(new CommandPlugin());
    connection = { host: "127.0.0.1", port: server.port, privateKey: key.private, hostKey: server.hostKey };
  });
  after(async () => {
    client.stop();
    await server.stop();
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "bibind-copy-"));
    await mkdir(join(folder, "tree/inner"), { recursive: true });
    await writeFile(join(folder, "tree/one"), "1");
    await writeFile(join(folder, "tree/inner/two"), "2".repeat(3_000_000));
    await mkdir(join(folder, "there"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const copy = (from: ReturnType<typeof source>, to: string) =>
    client.create(type, { connection, remotePath: join(folder, to), source: from });

  it("writes a text to a file, again when it changed", async () => {
    const { id, outputs } = await copy(source({ text: "first" }), "there/text");
    assert.match(id, /^thing[0-9a-f]{8}$/);
    assert.deepEqual(outputs.source, source({ text: "first" }));
    assert.equal(await readFile(join(folder, "there/text"), "utf8"), "first");
    const news = { connection, remotePath: join(folder, "there/text"), source: source({ text: "second" }) };
    const diff = await client.diff(type, { ...news, source: source({ text: "first" }) }, news);
    assert.deepEqual([diff.diffsList, diff.replacesList], [["source"], []]);
    await client.update(type, news);
    assert.equal(await readFile(join(folder, "there/text"), "utf8"), "second");
  });

  it("copies a file to a path, and into a folder under its own name", async () => {
    await copy(source({ path: join(folder, "tree/inner/two") }), "copied");
    assert.equal((await stat(join(folder, "copied"))).size, 3_000_000);
    await copy(source({ path: join(folder, "tree/one") }), "there");
    assert.equal(await readFile(join(folder, "there/one"), "utf8"), "1");
  });

  it("copies a folder under its name, or its content when its path ends in a slash", async () => {
    await copy(source({ path: join(folder, "tree") }, "archive"), "there");
    assert.equal((await stat(join(folder, "there/tree/inner/two"))).size, 3_000_000);
    await copy(source({ path: `${join(folder, "tree")}/` }, "archive"), "new");
    assert.equal(await readFile(join(folder, "new/one"), "utf8"), "1");
  });

  it("refuses a text for a folder, and names a path that cannot be written", async () => {
    await assert.rejects(copy(source({ text: "x" }), "there"), /the remote path .*there is a folder/);
    await assert.rejects(copy(source({ text: "x" }), "none/below"), /copying to .*none\/below failed: No such file/);
  });

  it("leaves the copy where it is when it is deleted", async () => {
    await copy(source({ text: "stays" }), "kept");
    const inputs = { connection, remotePath: join(folder, "kept"), source: source({ text: "stays" }) };
    await client.delete(type, inputs, inputs);
    assert.equal(await readFile(join(folder, "kept"), "utf8"), "stays");
  });
});
