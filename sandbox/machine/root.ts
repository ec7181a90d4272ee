import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, chown, copyFile, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import { cacheFolder } from "../builds/folders.ts";
import { step } from "../builds/progress.ts";
import { contained } from "./contained.ts";
import type { MachineKeys } from "./keys.ts";
import type { InstalledFile, MachineSpec } from "./spec.ts";

/** The root folder of the machine's file system. It stays when the machine stops. */
export function rootFolder(name: string): string {
  return cacheFolder("machines", name, "root");
}

const treeRecord = (name: string): string => cacheFolder("machines", name, "tree");

/** Copies the Debian tree once. An existing machine keeps its files, like a server. */
async function ensureCopy(name: string, tree: string): Promise<void> {
  const root = rootFolder(name);
  if (existsSync(root)) {
    const copied = await readFile(treeRecord(name), "utf8");
    if (copied !== basename(tree)) {
      process.stderr.write(`  · ${name} still uses an older Debian tree; \`make reset\` replaces it\n`);
    }
    return;
  }
  await step(`create the files of ${name}`, async () => {
    const unfinished = `${root}.unfinished`;
    // A copy that was just killed may still write files.
    await rm(unfinished, { recursive: true, force: true, maxRetries: 10 });
    await mkdir(dirname(root), { recursive: true });
    await execa(...contained("cp", "--archive", "--reflink=auto", tree, unfinished));
    // Without a machine-id, systemd assumes a first boot and resets which services are enabled.
    await writeFile(join(unfinished, "etc", "machine-id"), `${randomBytes(16).toString("hex")}\n`);
    await writeFile(treeRecord(name), basename(tree));
    await rename(unfinished, root);
  });
}

/** The text of the machine's /etc/hosts. */
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

async function installFile(root: string, { source, target }: InstalledFile): Promise<void> {
  const path = join(root, target);
  await mkdir(dirname(path), { recursive: true });
  await rm(path, { recursive: true, force: true });
  await execa("cp", ["--recursive", "--preserve=mode", source, path]);
}

/**
 * Prepares the root folder of a stopped machine for its next boot. Safe to run again after a kill at any point.
 *
 * @param tree - the Debian tree to copy for a new machine
 * @returns the root folder
 */
export async function prepareRoot(spec: MachineSpec, tree: string, keys: MachineKeys): Promise<string> {
  await ensureCopy(spec.name, tree);
  const root = rootFolder(spec.name);
  const etc = (...parts: readonly string[]): string => join(root, "etc", ...parts);
  await writeFile(etc("hostname"), `${spec.name}\n`);
  await writeFile(etc("hosts"), hostsOf(spec));
  // The machine's own name server listens on this address. Pods cannot use a loopback address.
  await writeFile(etc("resolv.conf"), `nameserver ${spec.address}\n`);
  await copyFile(keys.hostKeyFile, etc("ssh", "ssh_host_ed25519_key"));
  await chmod(etc("ssh", "ssh_host_ed25519_key"), 0o600);
  await writeFile(etc("ssh", "ssh_host_ed25519_key.pub"), `${keys.hostPublicKey}\n`);
  await writeAdminKey(root, keys.adminPublicKey);
  for (const file of spec.files) {
    await installFile(root, file);
  }
  return root;
}
