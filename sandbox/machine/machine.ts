import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { OperatorError } from "../../components/errors/operator-error.ts";
import { cacheFolder } from "../builds/folders.ts";
import { holdingLock } from "../builds/lock.ts";
import { step } from "../builds/progress.ts";
import { until } from "../builds/until.ts";
import {
  cgroupWords,
  createGroups,
  hasGroups,
  type Hierarchy,
  machineGroups,
  processesOf,
  readHierarchies,
  removeGroups,
  setLauncherApart,
} from "./cgroups.ts";
import { equipmentOf, recordedEquipment, recordEquipment } from "./equipment.ts";
import { addHosts, removeHosts } from "./hosts-file.ts";
import { machineKeys, type MachineKeys } from "./keys.ts";
import { plug, unplug } from "./network.ts";
import { firstProcess, parentOf, signal } from "./processes.ts";
import { prepareRoot } from "./root.ts";
import type { MachineSpec } from "./spec.ts";
import { sshArguments, waitForSsh } from "./ssh.ts";
import { machineTree } from "./tree.ts";

const launchSeconds = 30;
const bootSeconds = 120;
const stopSeconds = 60;
const pause = 50;
/** SIGRTMIN+4: systemd stops every service, then powers off. */
const powerOff = 38;

/** Where the machine's first process writes what goes wrong before its journal is there. */
export function consoleLog(name: string): string {
  return cacheFolder("logs", `machine-${name}.log`);
}

const lockOf = async (name: string): Promise<string> => {
  await mkdir(cacheFolder("machines"), { recursive: true });
  return cacheFolder("machines", `${name}.lock`);
};

/** Bridge, routes and /etc/hosts are all machines': one of them at a time reads and changes them. */
async function changingOutside(work: () => Promise<void>): Promise<void> {
  await holdingLock(await lockOf("outside"), work);
}

async function failure(spec: MachineSpec, what: string): Promise<OperatorError> {
  const log = consoleLog(spec.name);
  const end = (await readFile(log, "utf8").catch(() => "")).trimEnd().split("\n").slice(-10).join("\n");
  return new OperatorError({
    what: `${what}\n${end}`.trimEnd(),
    where: log,
    remedy: "run make down, then make up again; make logs shows the logs of its services",
  });
}

/** Words for `enter.sh`: what the machine is and what it sees of the outside. */
export function enterWords(spec: MachineSpec, root: string, hierarchies: readonly Hierarchy[]): string[] {
  const shares = spec.shares.flatMap(({ outside, inside }) => ["share", outside, inside]);
  const address = `${spec.address}/${spec.network.prefix}`;
  return [root, spec.name, address, spec.network.gateway, ...shares, ...cgroupWords(hierarchies)];
}

const namespaces = ["--mount", "--net", "--pid", "--uts", "--ipc", "--cgroup"];

/** Starts the machine's first process, which waits until its network is plugged in. */
async function launch(spec: MachineSpec, root: string, hierarchies: readonly Hierarchy[]): Promise<void> {
  await mkdir(cacheFolder("logs"), { recursive: true });
  const script = (name: string): string => join(import.meta.dirname, name);
  const unshare = ["unshare", ...namespaces, "--fork", "--kill-child", script("enter.sh")];
  const words = [consoleLog(spec.name), ...machineGroups(hierarchies, spec.name), "--", ...unshare];
  const launcher = execa(script("launch.sh"), [...words, ...enterWords(spec, root, hierarchies)], {
    cwd: "/",
    detached: true,
    cleanup: false,
    stdio: "ignore",
    reject: false,
  });
  launcher.nodeChildProcess.unref();
}

/** Stops a machine that runs with other files or shared folders than it is to have now. */
async function refuseOldEquipment(spec: MachineSpec, hierarchies: readonly Hierarchy[]): Promise<void> {
  const isRunning = (await firstProcess(await processesOf(hierarchies, spec.name))) !== undefined;
  if (isRunning && (await recordedEquipment(spec.name)) !== (await equipmentOf(spec))) {
    await step(`stop ${spec.name} to give it what was built anew`, () => powerOffOrKill(spec, hierarchies));
  }
}

async function ensureLaunched(spec: MachineSpec, keys: MachineKeys, hierarchies: readonly Hierarchy[]): Promise<void> {
  await refuseOldEquipment(spec, hierarchies);
  if ((await firstProcess(await processesOf(hierarchies, spec.name))) !== undefined) {
    return;
  }
  await killAll(spec.name, hierarchies);
  const root = await prepareRoot(spec, await machineTree(), keys);
  await recordEquipment(spec.name, await equipmentOf(spec));
  await createGroups(hierarchies, spec.name, spec.memoryBytes);
  await launch(spec, root, hierarchies);
}

async function ensureRunning(spec: MachineSpec, keys: MachineKeys, hierarchies: readonly Hierarchy[]): Promise<void> {
  const { name } = spec;
  await ensureLaunched(spec, keys, hierarchies);
  const started = async (): Promise<number | undefined> => firstProcess(await processesOf(hierarchies, name));
  const first = await until(started, { seconds: launchSeconds, pause });
  const launcher = first === undefined ? undefined : await parentOf(first);
  if (first === undefined || launcher === undefined) {
    throw await failure(spec, `the machine ${name} did not start`);
  }
  await setLauncherApart(hierarchies, name, launcher);
  await changingOutside(async () => {
    await plug(spec, first);
    await addHosts(name, spec.address, [name, ...spec.names]);
  });
}

/** What a client needs to reach the machine. */
export interface RunningMachine {
  readonly spec: MachineSpec;
  readonly keys: MachineKeys;
  /** Arguments for `ssh`, before the remote command. */
  readonly ssh: readonly string[];
}

/**
 * Starts the machine and waits until it can be entered by SSH. Each step reads what is there first, so that it can be
 * run again when the machine runs, or after a kill at any point.
 *
 * @throws OperatorError when it does not start, with the end of its console
 */
export async function startMachine(spec: MachineSpec): Promise<RunningMachine> {
  const hierarchies = await readHierarchies();
  const keys = await machineKeys(spec.name);
  await machineTree();
  await holdingLock(await lockOf(spec.name), () =>
    step(`start machine ${spec.name} (${spec.address})`, async () => {
      await ensureRunning(spec, keys, hierarchies);
      if (!(await waitForSsh(spec, keys, bootSeconds))) {
        throw await failure(spec, `the machine ${spec.name} does not answer on ${spec.address}, port 22`);
      }
    }),
  );
  return { spec, keys, ssh: await sshArguments(spec, keys) };
}

async function killAll(name: string, hierarchies: readonly Hierarchy[]): Promise<void> {
  const areGone = async (): Promise<boolean> => {
    const pids = await processesOf(hierarchies, name);
    pids.forEach((pid) => signal(pid, "SIGKILL"));
    return pids.length === 0;
  };
  if ((await until(areGone, { seconds: stopSeconds, pause })) === undefined) {
    throw new Error(`processes of the machine ${name} survive SIGKILL`);
  }
}

async function powerOffOrKill(spec: MachineSpec, hierarchies: readonly Hierarchy[]): Promise<void> {
  const first = await firstProcess(await processesOf(hierarchies, spec.name));
  if (first !== undefined) {
    signal(first, powerOff);
    const isOff = async (): Promise<boolean> =>
      (await firstProcess(await processesOf(hierarchies, spec.name))) === undefined;
    await until(isOff, { seconds: stopSeconds, pause });
  }
  await killAll(spec.name, hierarchies);
}

/** Stops the machine in good order and takes back all it had outside; its files stay. Nothing to do is no error. */
export async function stopMachine(spec: MachineSpec): Promise<void> {
  const hierarchies = await readHierarchies();
  await holdingLock(await lockOf(spec.name), async () => {
    if (hasGroups(hierarchies, spec.name)) {
      await step(`stop machine ${spec.name}`, () => powerOffOrKill(spec, hierarchies));
    }
    await changingOutside(async () => {
      await unplug(spec);
      await removeHosts(spec.name);
    });
    await removeGroups(hierarchies, spec.name);
  });
}

/** What can be told about a machine without entering it. */
export interface MachineStatus {
  readonly name: string;
  readonly address: string;
  /** `starting`: its first process runs, but SSH does not answer. */
  readonly state: "running" | "starting" | "stopped";
  /** Process id outside of its first process. */
  readonly pid?: number;
  readonly processes: number;
}

export async function machineStatus(spec: MachineSpec): Promise<MachineStatus> {
  const pids = await processesOf(await readHierarchies(), spec.name);
  const pid = await firstProcess(pids);
  const answers = pid !== undefined && (await waitForSsh(spec, await machineKeys(spec.name), 1));
  const state = pid === undefined ? "stopped" : answers ? "running" : "starting";
  return { name: spec.name, address: spec.address, state, pid, processes: pids.length };
}
