import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, chown, copyFile, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import { cacheFolder } from "../builds/folders.ts";
import { step } from "../builds/progress.ts";
import { contained } from "./contained.ts";
import type { MachineKeys } from "./keys.ts";
import type { MachineSpec } from "./spec.ts";

/** The folder of the machine's own files; it stays when the machine is stopped. */
export function rootFolder(name: string): string {
  return cacheFolder("machines", name, "root");
}

const treeNote = (name: string): string => cacheFolder("machines", name, "tree");

/** Copies the tree once; a machine that is there keeps its files, as a server does. */
async function ensureCopy(name: string, tree: string): Promise<void> {
  const root = rootFolder(name);
  if (existsSync(root)) {
    const from = await readFile(treeNote(name), "utf8");
    if (from !== basename(tree)) {
      process.stderr.write(`  · ${name} keeps the Debian tree it was made from; make reset makes it anew\n`);
    }
    return;
  }
  await step(`make the files of ${name}`, async () => {
    const unfinished = `${root}.unfinished`;
    // A copy that was killed a moment ago may still be ending.
    await rm(unfinished, { recursive: true, force: true, maxRetries: 10 });
    await mkdir(dirname(root), { recursive: true });
    await execa(...contained("cp", "--archive", "--reflink=auto", tree, unfinished));
    // With no machine-id systemd would take this for a first boot and reset which services are enabled.
    await writeFile(join(unfinished, "etc", "machine-id"), `${randomBytes(16).toString("hex")}\n`);
    await writeFile(treeNote(name), basename(tree));
    await rename(unfinished, root);
  });
}

/** The machine's /etc/hosts. */
export function hostsOf(spec: MachineSpec): string {
  const names = [spec.name, ...spec.names].map((name) => `${spec.address} ${name}\n`).join("");
  return `127.0.0.1 localhost\n::1 localhost ip6-localhost\n${names}`;
}

async function writeAdminKey(root: string, publicKey: string): Promise<void> {
  const home = join(root, "home", "debian");
  const { uid, gid } = await stat(home);
  const folder = join(home, ".ssh");
  const file = join(folder, "authorized_keys");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(file, `${publicKey}\n`, { mode: 0o600 });
  await chown(folder, uid, gid);
  await chown(file, uid, gid);
}

async function installFile(root: string, outside: string, inside: string): Promise<void> {
  const target = join(root, inside);
  await mkdir(dirname(target), { recursive: true });
  await rm(target, { recursive: true, force: true });
  await execa("cp", ["--recursive", "--preserve=mode", outside, target]);
}

/** Makes the root folder of a machine that is not running ready to boot. Can be run again after a kill at any point. */
export async function prepareRoot(spec: MachineSpec, tree: string, keys: MachineKeys): Promise<string> {
  await ensureCopy(spec.name, tree);
  const root = rootFolder(spec.name);
  const etc = (...parts: readonly string[]): string => join(root, "etc", ...parts);
  await writeFile(etc("hostname"), `${spec.name}\n`);
  await writeFile(etc("hosts"), hostsOf(spec));
  // Its own name server answers there; a loopback address would be of no use to pods.
  await writeFile(etc("resolv.conf"), `nameserver ${spec.address}\n`);
  await copyFile(keys.hostKeyFile, etc("ssh", "ssh_host_ed25519_key"));
  await chmod(etc("ssh", "ssh_host_ed25519_key"), 0o600);
  await writeFile(etc("ssh", "ssh_host_ed25519_key.pub"), `${keys.hostPublicKey}\n`);
  await writeAdminKey(root, keys.adminPublicKey);
  for (const { outside, inside } of spec.files) {
    await installFile(root, outside, inside);
  }
  return root;
}
