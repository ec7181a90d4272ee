import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { execa } from "execa";
import { cacheFolder } from "../../sandbox/builds/folders.ts";
import { stopMachine, type RunningMachine } from "../../sandbox/machine/machine.ts";
import { type MachineNetwork, type MachineSpec, snapStoreInside } from "../../sandbox/machine/spec.ts";
import { machineFiles, snapStore } from "../../sandbox/snaps/store.ts";

/** A machine with the sandbox's snaps, apart from the sandbox's own: other name, other network. */
export async function machineWithSnaps(name: string, network: MachineNetwork, address: string): Promise<MachineSpec> {
  return {
    name,
    network,
    address,
    names: [],
    routes: [],
    shares: [{ outside: await snapStore(), inside: snapStoreInside }],
    files: machineFiles(),
  };
}

/** Stops a machine and deletes everything that it kept. */
export async function forgetMachine(spec: MachineSpec): Promise<void> {
  await stopMachine(spec);
  await rm(cacheFolder("machines", spec.name), { recursive: true, force: true });
}

/** How a command line in a machine ended. */
export interface Ended {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in a machine as root, over SSH. */
export async function runInMachine(machine: RunningMachine, line: string, input = ""): Promise<Ended> {
  const { exitCode, stdout, stderr } = await execa("ssh", [...machine.ssh, `sudo sh -c '${line}'`], {
    input,
    reject: false,
  });
  return { exitCode, stdout, stderr };
}

/** Runs a command line in a machine as root, which must succeed; its standard output. */
export async function succeedsInMachine(machine: RunningMachine, line: string, input = ""): Promise<string> {
  const { exitCode, stdout, stderr } = await runInMachine(machine, line, input);
  assert.equal(exitCode, 0, `${line}:\n${stdout}\n${stderr}`);
  return stdout;
}
