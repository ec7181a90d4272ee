import { mkdir, writeFile } from "node:fs/promises";
import { execa } from "execa";
import { cacheFolder } from "../builds/folders.ts";
import { until } from "../builds/until.ts";
import type { MachineKeys } from "./keys.ts";
import type { MachineSpec } from "./spec.ts";

/** Arguments of `ssh` for a login to the machine. They use its keys only, and ignore the user's SSH configuration. */
export async function sshArguments(spec: MachineSpec, keys: MachineKeys): Promise<string[]> {
  const knownHosts = cacheFolder("machines", spec.name, "keys", "known_hosts");
  await mkdir(cacheFolder("machines", spec.name, "keys"), { recursive: true, mode: 0o700 });
  await writeFile(knownHosts, `${spec.address} ${keys.hostPublicKey}\n`);
  const options = {
    IdentityFile: keys.adminKeyFile,
    IdentitiesOnly: "yes",
    UserKnownHostsFile: knownHosts,
    GlobalKnownHostsFile: "/dev/null",
    StrictHostKeyChecking: "yes",
    BatchMode: "yes",
    ConnectTimeout: "5",
    LogLevel: "ERROR",
  };
  const flags = Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  return ["-F", "none", ...flags, `debian@${spec.address}`];
}

const pollMilliseconds = 100;

/** Waits until `debian` can log in to the machine. @returns false when this fails for `seconds` */
export async function waitForSsh(spec: MachineSpec, keys: MachineKeys, seconds: number): Promise<boolean> {
  const args = await sshArguments(spec, keys);
  const canLogIn = async (): Promise<boolean> =>
    !(await execa("ssh", [...args, "true"], { reject: false, stdin: "ignore" })).failed;
  return (await until(canLogIn, { seconds, pause: pollMilliseconds })) ?? false;
}
