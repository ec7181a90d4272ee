import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { cacheFolder } from "../../sandbox/builds/folders.ts";
import { stackFolder } from "../../sandbox/commands/stack/folder.ts";
import { engineSucceeds, foundationOutputs, sandboxIsUp, startSandbox } from "../support/sandbox.ts";
import { changedSettings, foundation } from "../support/stack-settings.ts";

const kubeconfigSchema = z.object({
  users: z.array(
    z.object({ user: z.object({ "client-key-data": z.string().optional(), token: z.string().optional() }) }),
  ),
});

/** Pieces of the secrets that would show in any copy of them, however its lines are broken. */
async function secretPieces(): Promise<Map<string, string>> {
  const { kubeconfig } = await foundationOutputs();
  const [administrator] = kubeconfigSchema.parse(parse(kubeconfig)).users;
  const credential = administrator?.user["client-key-data"] ?? administrator?.user.token;
  assert(credential !== undefined, "the kubeconfig holds neither a key nor a token");
  const sshKey = await readFile(cacheFolder("machines", "bibind-host", "keys", "admin_ed25519"), "utf8");
  const passphrase = (await readFile(stackFolder("passphrase"), "utf8")).trim();
  return new Map([
    ["the administrator's credential", credential.slice(-60)],
    ["the SSH private key", sshKey.split("\n")[2] ?? ""],
    ["the stack's passphrase", passphrase],
  ]);
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/**
 * The command line of every process, which any user of this machine may look at.
 *
 * The environment is not among it: only root may, and there Pulumi itself hands the configuration to the program.
 */
async function processTexts(): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const files = pids.map((pid) => `/proc/${pid}/cmdline`);
  // A process may end between the listing and the look.
  return Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
}

describe("secrets of the sandbox", function () {
  this.timeout(600_000);
  let pieces: Map<string, string>;

  const refuteIn = (text: string, where: string): void => {
    for (const [name, piece] of pieces) {
      assert(piece.length >= 40, `${name} is too short to look for`);
      assert(!text.includes(piece), `${name} is in ${where}`);
    }
  };

  before(async () => {
    await sandboxIsUp();
    pieces = await secretPieces();
  });

  it("are in clear neither in the exported state nor in the backend's files", async () => {
    refuteIn(await engineSucceeds("stack", "export"), "the exported state");
    for (const file of await filesBelow(stackFolder(".pulumi"))) {
      refuteIn(await readFile(file, "utf8"), file);
    }
  });

  it("are in clear in no log", async () => {
    const logs = await filesBelow(cacheFolder("logs"));
    assert(logs.length > 0);
    for (const file of logs) {
      refuteIn(await readFile(file, "latin1"), file);
    }
  });

  it("are in no process's command line while the engine works", async () => {
    const ports = foundation("host", "hardening", "firewall", "allowedTcpPorts");
    const file = changedSettings([ports, [22, 80, 443, 8879, 16443, 9443]]);
    const running = startSandbox("pulumi", "--", "up", "--yes", "--skip-preview", "--config-file", file);
    let looks = 0;
    const over = new AbortController();
    const ended = running.finally(() => over.abort());
    const watching = (async () => {
      while (!over.signal.aborted) {
        refuteIn((await processTexts()).join("\n"), "the process list");
        looks += 1;
      }
    })();
    await Promise.all([ended, watching]);
    assert(looks > 2, "the update was over before anybody could look");
    await engineSucceeds("up", "--yes", "--skip-preview");
  });
});
