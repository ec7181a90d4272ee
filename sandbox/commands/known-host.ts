import { execa } from "execa";
import { OperatorError } from "../../components/errors/operator-error.ts";
import { machineKeys } from "../machine/keys.ts";
import { machineStatus } from "../machine/machine.ts";
import { sandboxHost, type MachineSpec } from "../machine/spec.ts";
import { sshArguments } from "../machine/ssh.ts";

/** The sandbox's host as far as its name and addresses go: enough to look at it, enter it or stop it. */
export const knownHost: MachineSpec = sandboxHost([], { snaps: "", charts: "", mail: "", files: [] });

/**
 * Arguments of `ssh` into the running host.
 *
 * @throws OperatorError when it does not run
 */
export async function enteringHost(): Promise<string[]> {
  if ((await machineStatus(knownHost)).state !== "running") {
    throw new OperatorError({
      what: `the machine ${knownHost.name} does not run`,
      where: knownHost.address,
      remedy: "start it: make up",
    });
  }
  return sshArguments(knownHost, await machineKeys(knownHost.name));
}

/** What a command prints in the host; undefined when it fails, or the host does not answer. */
export async function askHost(...command: readonly string[]): Promise<string | undefined> {
  const ssh = await sshArguments(knownHost, await machineKeys(knownHost.name));
  const result = await execa("ssh", [...ssh, ...command], { reject: false, stdin: "ignore" });
  return result.failed ? undefined : result.stdout;
}
