import { execa } from "execa";
import { OperatorError } from "../../components/errors/operator-error.ts";
import { machineKeys } from "../machine/keys.ts";
import { machineStatus } from "../machine/machine.ts";
import { sandboxHost, type MachineSpec } from "../machine/spec.ts";
import { sshArguments } from "../machine/ssh.ts";

/** The sandbox's host with its name and addresses only. That is enough to inspect it, connect to it and stop it. */
export const knownHost: MachineSpec = sandboxHost([], { snaps: "", charts: "", mail: "", files: [] });

/**
 * The arguments of `ssh` for a connection to the host.
 *
 * @throws OperatorError when the host is not running
 */
export async function sshToHost(): Promise<string[]> {
  if ((await machineStatus(knownHost)).state !== "running") {
    throw new OperatorError({
      what: `the machine ${knownHost.name} is not running`,
      where: knownHost.address,
      remedy: "start it: make up",
    });
  }
  return sshArguments(knownHost, await machineKeys(knownHost.name));
}

/** The standard output of a command on the host; undefined when the command fails or the host does not answer. */
export async function outputOnHost(...command: readonly string[]): Promise<string | undefined> {
  const ssh = await sshArguments(knownHost, await machineKeys(knownHost.name));
  const result = await execa("ssh", [...ssh, ...command], { reject: false, stdin: "ignore" });
  return result.failed ? undefined : result.stdout;
}
