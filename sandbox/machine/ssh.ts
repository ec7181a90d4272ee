import { mkdir, writeFile } from "node:fs/promises";
import { execa } from "execa";
import { cacheFolder } from "../builds/folders.ts";
import { until } from "../builds/until.ts";
import type { MachineKeys } from "./keys.ts";
import type { MachineSpec } from "./spec.ts";

/** Arguments of `ssh` that reach the machine with its own keys only, whatever the caller's configuration says. */
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

/** Waits until the machine lets `debian` in; false when it does not within `seconds`. */
export async function waitForSsh(spec: MachineSpec, keys: MachineKeys, seconds: number): Promise<boolean> {
  const args = await sshArguments(spec, keys);
  const enters = async (): Promise<boolean> =>
    !(await execa("ssh", [...args, "true"], { reject: false, stdin: "ignore" })).failed;
  return (await until(enters, { seconds, pause: pollMilliseconds })) ?? false;
}
