import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { execa } from "execa";
import { cacheFolder } from "../../sandbox/builds/folders.ts";
import { stopMachine, type RunningMachine } from "../../sandbox/machine/machine.ts";
import { type MachineNetwork, type MachineSpec, snapStoreTarget } from "../../sandbox/machine/spec.ts";
import { machineFiles, snapStore } from "../../sandbox/snaps/store.ts";

/** A machine with the sandbox's snaps. Its name and its network differ from those of the sandbox's own machine. */
export async function machineWithSnaps(name: string, network: MachineNetwork, address: string): Promise<MachineSpec> {
  return {
    name,
    network,
    address,
    names: [],
    routes: [],
    shares: [{ source: await snapStore(), target: snapStoreTarget }],
    files: machineFiles(),
  };
}

/** Stops a machine and deletes its files. */
export async function removeMachine(spec: MachineSpec): Promise<void> {
  await stopMachine(spec);
  await rm(cacheFolder("machines", spec.name), { recursive: true, force: true });
}

/** The result of a command line in a machine. */
export interface CommandResult {
  /** Undefined when a signal ended it. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in a machine as root, over SSH. */
export async function runInMachine(machine: RunningMachine, line: string, input = ""): Promise<CommandResult> {
  const { exitCode, stdout, stderr } = await execa("ssh", [...machine.ssh, `sudo sh -c '${line}'`], {
    input,
    reject: false,
  });
  return { exitCode, stdout, stderr };
}

/** Runs a command line in a machine as root. It must succeed. @returns its standard output */
export async function succeedsInMachine(machine: RunningMachine, line: string, input = ""): Promise<string> {
  const { exitCode, stdout, stderr } = await runInMachine(machine, line, input);
  assert.equal(exitCode, 0, `${line}:\n${stdout}\n${stderr}`);
  return stdout;
}
