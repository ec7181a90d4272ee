import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { cacheFolder } from "../builds/folders.ts";

/** The two key pairs of a machine: one to log in, and its host key. */
export interface MachineKeys {
  /** File of the private key for the login as `debian`, mode 0600. */
  readonly adminKeyFile: string;
  /** The public key to it, one line in OpenSSH format. */
  readonly adminPublicKey: string;
  /** File of the machine's private host key, mode 0600. */
  readonly hostKeyFile: string;
  /** The public host key that clients must expect: `ssh-ed25519 AAAA…`. */
  readonly hostPublicKey: string;
}

async function ensureKey(file: string, comment: string): Promise<string> {
  if (!existsSync(file)) {
    const unfinished = `${file}.unfinished`;
    await rm(unfinished, { force: true });
    await rm(`${unfinished}.pub`, { force: true });
    await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", unfinished]);
    await rename(`${unfinished}.pub`, `${file}.pub`);
    await rename(unfinished, file);
  }
  return (await readFile(`${file}.pub`, "utf8")).trim();
}

/** The machine's keys. They are created on first use and stored with the machine's data. */
export async function machineKeys(name: string): Promise<MachineKeys> {
  const folder = cacheFolder("machines", name, "keys");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const adminKeyFile = join(folder, "admin_ed25519");
  const hostKeyFile = join(folder, "host_ed25519");
  const adminPublicKey = await ensureKey(adminKeyFile, "bibind-sandbox");
  const hostKey = await ensureKey(hostKeyFile, name);
  const hostPublicKey = hostKey.split(" ").slice(0, 2).join(" ");
  return { adminKeyFile, adminPublicKey, hostKeyFile, hostPublicKey };
}
