import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { parse } from "yaml";
import { z } from "zod";
import { cacheFolder } from "../../sandbox/builds/folders.ts";
import { stackFolder } from "../../sandbox/commands/stack/folder.ts";
import { engineSucceeds, foundationOutputs, Kubectl, sandboxIsUp, startSandbox } from "../support/sandbox.ts";
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

const secretList = z.object({
  items: z.array(
    z.object({ metadata: z.object({ name: z.string() }), data: z.record(z.string(), z.string()).optional() }),
  ),
});

/** Keys of the Secrets of the layer iam that hold what somebody generated, by the Secret's name. */
const generated: Readonly<Record<string, readonly string[]>> = {
  "hydra-keys": ["secretsSystem", "secretsCookie"],
  "kratos-keys": ["secretsDefault", "secretsCookie", "secretsCipher"],
  "identity-keys": ["cookieSecret"],
  "hydra-database": ["password"],
  "kratos-database": ["password"],
  "postgres-vault": ["password"],
  "vault-tls": ["tls.key"],
};

/** Everything that was generated for the layer iam: in Vault, by Pulumi, by cert-manager. */
async function generatedPieces(kubectl: Kubectl): Promise<Map<string, string>> {
  const { items } = secretList.parse(JSON.parse(await kubectl.run("-n", "iam", "get", "secrets", "-o", "json")));
  const pieces = new Map<string, string>();
  for (const { metadata, data = {} } of items) {
    for (const key of generated[metadata.name] ?? []) {
      const value = Buffer.from(data[key] ?? "", "base64").toString();
      const [first = ""] = value.includes("PRIVATE KEY") ? value.split("\n").slice(1) : value.split(",");
      pieces.set(`${key} of ${metadata.name}`, first);
    }
    if (metadata.name === "vault-seal") {
      pieces.set("the seal's key", data["key"] ?? "");
    }
  }
  assert.equal(pieces.size, Object.values(generated).flat().length + 1);
  return pieces;
}

/** What Helm keeps of every release: values and manifests. */
async function helmReleases(kubectl: Kubectl): Promise<string[]> {
  const told = await kubectl.run("get", "secrets", "-A", "--field-selector", "type=helm.sh/release.v1", "-o", "json");
  return secretList.parse(JSON.parse(told)).items.map(({ data = {} }) => {
    const packed = Buffer.from(Buffer.from(data["release"] ?? "", "base64").toString(), "base64");
    return gunzipSync(packed).toString();
  });
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
  let kubectl: Kubectl;

  const refuteIn = (text: string, where: string): void => {
    for (const [name, piece] of pieces) {
      assert(piece.length >= 32, `${name} is too short to look for`);
      assert(!text.includes(piece), `${name} is in ${where}`);
    }
  };

  before(async () => {
    await sandboxIsUp();
    kubectl = await Kubectl.ofSandbox();
    pieces = new Map([...(await secretPieces()), ...(await generatedPieces(kubectl))]);
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

  it("are in clear in no ConfigMap and in no Helm release", async () => {
    refuteIn(await kubectl.run("get", "configmaps", "-A", "-o", "json"), "a ConfigMap");
    const releases = await helmReleases(kubectl);
    assert(releases.length >= 5, "too few Helm releases were found");
    for (const release of releases) {
      refuteIn(release, "a Helm release");
    }
  });

  it("are in clear in no log of a pod", async () => {
    const pods = await kubectl.run("-n", "iam", "get", "pods", "-o", "name");
    for (const pod of pods.trim().split("\n")) {
      refuteIn(await kubectl.run("-n", "iam", "logs", pod, "--all-containers"), `the log of ${pod}`);
    }
    const audit = await kubectl.run("-n", "iam", "exec", "vault-0", "--", "cat", "/openbao/audit/audit.log");
    refuteIn(audit, "the audit log");
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
