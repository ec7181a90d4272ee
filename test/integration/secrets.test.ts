import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { parse } from "yaml";
import { z } from "zod";
import { cacheFolder } from "../../sandbox/builds/folders.ts";
import { stackFolder } from "../../sandbox/commands/stack/folder.ts";
import { engineSucceeds, foundationOutputs, Kubectl, ensureSandboxIsUp, startSandbox } from "../support/sandbox.ts";
import { changedSettings, foundation } from "../support/stack-settings.ts";

const kubeconfigSchema = z.object({
  users: z.array(
    z.object({ user: z.object({ "client-key-data": z.string().optional(), token: z.string().optional() }) }),
  ),
});

/** A part of each secret of the administrator. Each part lies within one line, so that it is found in every copy. */
async function administratorSecrets(): Promise<Map<string, string>> {
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

/** The keys with generated values in the Secrets of the layer iam, by the name of the Secret. */
const generatedKeys: Readonly<Record<string, readonly string[]>> = {
  "hydra-keys": ["secretsSystem", "secretsCookie"],
  "kratos-keys": ["secretsDefault", "secretsCookie", "secretsCipher"],
  "identity-keys": ["cookieSecret"],
  "hydra-database": ["password"],
  "kratos-database": ["password"],
  "postgres-vault": ["password"],
  "vault-tls": ["tls.key"],
};

/** A part of each value that Vault, Pulumi or cert-manager generated for the layer iam. */
async function generatedSecrets(kubectl: Kubectl): Promise<Map<string, string>> {
  const { items } = secretList.parse(JSON.parse(await kubectl.run("-n", "iam", "get", "secrets", "-o", "json")));
  const pieces = new Map<string, string>();
  for (const { metadata, data = {} } of items) {
    for (const key of generatedKeys[metadata.name] ?? []) {
      const value = Buffer.from(data[key] ?? "", "base64").toString();
      const [first = ""] = value.includes("PRIVATE KEY") ? value.split("\n").slice(1) : value.split(",");
      pieces.set(`${key} of ${metadata.name}`, first);
    }
    if (metadata.name === "vault-seal") {
      pieces.set("the seal's key", data["key"] ?? "");
    }
  }
  assert.equal(pieces.size, Object.values(generatedKeys).flat().length + 1);
  return pieces;
}

/** The records of all Helm releases, with their values and manifests. */
async function helmReleases(kubectl: Kubectl): Promise<string[]> {
  const output = await kubectl.run("get", "secrets", "-A", "--field-selector", "type=helm.sh/release.v1", "-o", "json");
  return secretList.parse(JSON.parse(output)).items.map(({ data = {} }) => {
    const packed = Buffer.from(Buffer.from(data["release"] ?? "", "base64").toString(), "base64");
    return gunzipSync(packed).toString();
  });
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/**
 * The command line of every process, which every user of this machine can read.
 *
 * The environment is not included: only root can read it, and Pulumi itself passes the configuration in it.
 */
async function commandLines(): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const files = pids.map((pid) => `/proc/${pid}/cmdline`);
  // A process may end before its file is read.
  return Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
}

describe("secrets of the sandbox", function () {
  this.timeout(600_000);
  let pieces: Map<string, string>;
  let kubectl: Kubectl;

  const assertNoSecretIn = (text: string, where: string): void => {
    for (const [name, piece] of pieces) {
      assert(piece.length >= 32, `${name} is too short for a search`);
      assert(!text.includes(piece), `${name} is in ${where}`);
    }
  };

  before(async () => {
    await ensureSandboxIsUp();
    kubectl = await Kubectl.ofSandbox();
    pieces = new Map([...(await administratorSecrets()), ...(await generatedSecrets(kubectl))]);
  });

  it("are encrypted in the exported state and in the files of the backend", async () => {
    assertNoSecretIn(await engineSucceeds("stack", "export"), "the exported state");
    for (const file of await filesBelow(stackFolder(".pulumi"))) {
      assertNoSecretIn(await readFile(file, "utf8"), file);
    }
  });

  it("are in no log of the sandbox", async () => {
    const logs = await filesBelow(cacheFolder("logs"));
    assert(logs.length > 0);
    for (const file of logs) {
      assertNoSecretIn(await readFile(file, "latin1"), file);
    }
  });

  it("are in no ConfigMap and in no Helm release", async () => {
    assertNoSecretIn(await kubectl.run("get", "configmaps", "-A", "-o", "json"), "a ConfigMap");
    const releases = await helmReleases(kubectl);
    assert(releases.length >= 5, "the cluster has too few Helm releases");
    for (const release of releases) {
      assertNoSecretIn(release, "a Helm release");
    }
  });

  it("are in no log of a pod, and not in the audit log", async () => {
    const pods = await kubectl.run("-n", "iam", "get", "pods", "-o", "name");
    for (const pod of pods.trim().split("\n")) {
      assertNoSecretIn(await kubectl.run("-n", "iam", "logs", pod, "--all-containers"), `the log of ${pod}`);
    }
    const audit = await kubectl.run("-n", "iam", "exec", "vault-0", "--", "cat", "/openbao/audit/audit.log");
    assertNoSecretIn(audit, "the audit log");
  });

  it("are in no command line of a process during an update", async () => {
    const ports = foundation("host", "hardening", "firewall", "allowedTcpPorts");
    const file = changedSettings([ports, [22, 80, 443, 8879, 9443]]);
    const running = startSandbox("pulumi", "--", "up", "--yes", "--skip-preview", "--config-file", file);
    const update = new AbortController();
    const ended = running.finally(() => update.abort());
    let checks = 0;
    try {
      while (!update.signal.aborted) {
        assertNoSecretIn((await commandLines()).join("\n"), "the process list");
        checks += 1;
      }
    } finally {
      await ended;
      await engineSucceeds("up", "--yes", "--skip-preview");
    }
    const { exitCode, all } = await ended;
    assert.equal(exitCode, 0, all);
    assert(checks > 2, "the update ended too early for a check");
  });
});
