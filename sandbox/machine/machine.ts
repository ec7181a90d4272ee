import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { OperatorError } from "../../components/errors/operator-error.ts";
import { cacheFolder } from "../builds/folders.ts";
import { holdingLock } from "../builds/lock.ts";
import { step } from "../builds/progress.ts";
import { until } from "../builds/until.ts";
import {
  cgroupArguments,
  createGroups,
  hasGroups,
  type Hierarchy,
  machineGroups,
  moveLauncher,
  processesOf,
  readHierarchies,
  removeGroups,
} from "./cgroups.ts";
import { fingerprintOf, recordedFingerprint, recordFingerprint } from "./fingerprint.ts";
import { addHosts, removeHosts } from "./hosts-file.ts";
import { machineKeys, type MachineKeys } from "./keys.ts";
import { attachMachine, detachMachine } from "./network.ts";
import { initProcess, parentOf, signal } from "./processes.ts";
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

/** The file with the errors of the machine's init process before the journal runs. */
export function consoleLog(name: string): string {
  return cacheFolder("logs", `machine-${name}.log`);
}

const lockOf = async (name: string): Promise<string> => {
  await mkdir(cacheFolder("machines"), { recursive: true });
  return cacheFolder("machines", `${name}.lock`);
};

/** All machines share the bridge, the routes and /etc/hosts. Only one process at a time may read and change them. */
async function withNetworkLock(work: () => Promise<void>): Promise<void> {
  await holdingLock(await lockOf("outside"), work);
}

async function failure(spec: MachineSpec, what: string): Promise<OperatorError> {
  const log = consoleLog(spec.name);
  const end = (await readFile(log, "utf8").catch(() => "")).trimEnd().split("\n").slice(-10).join("\n");
  return new OperatorError({
    what: `${what}\n${end}`.trimEnd(),
    where: log,
    remedy: "run `make down`, then `make up`; `make logs` shows the journal of the machine's services",
  });
}

/** Arguments for `enter.sh`: the machine's root, name and network, its shared folders and its cgroups. */
export function enterArguments(spec: MachineSpec, root: string, hierarchies: readonly Hierarchy[]): string[] {
  const shares = spec.shares.flatMap(({ source, target }) => ["share", source, target]);
  const address = `${spec.address}/${spec.network.prefix}`;
  return [root, spec.name, address, spec.network.gateway, ...shares, ...cgroupArguments(hierarchies)];
}

const namespaces = ["--mount", "--net", "--pid", "--uts", "--ipc", "--cgroup"];

/** Starts the machine's init process. It waits until `attachMachine` has created its network interface. */
async function launch(spec: MachineSpec, root: string, hierarchies: readonly Hierarchy[]): Promise<void> {
  await mkdir(cacheFolder("logs"), { recursive: true });
  const script = (name: string): string => join(import.meta.dirname, name);
  const unshare = ["unshare", ...namespaces, "--fork", "--kill-child", script("enter.sh")];
  const args = [consoleLog(spec.name), ...machineGroups(hierarchies, spec.name), "--", ...unshare];
  const launcher = execa(script("launch.sh"), [...args, ...enterArguments(spec, root, hierarchies)], {
    cwd: "/",
    detached: true,
    cleanup: false,
    stdio: "ignore",
    reject: false,
  });
  launcher.nodeChildProcess.unref();
}

/** Stops a machine that runs with old files or shared folders. */
async function stopIfOutdated(spec: MachineSpec, hierarchies: readonly Hierarchy[]): Promise<void> {
  const isRunning = (await initProcess(await processesOf(hierarchies, spec.name))) !== undefined;
  if (isRunning && (await recordedFingerprint(spec.name)) !== (await fingerprintOf(spec))) {
    await step(`stop ${spec.name} to replace its files`, () => powerOffOrKill(spec, hierarchies));
  }
}

async function ensureLaunched(spec: MachineSpec, keys: MachineKeys, hierarchies: readonly Hierarchy[]): Promise<void> {
  await stopIfOutdated(spec, hierarchies);
  if ((await initProcess(await processesOf(hierarchies, spec.name))) !== undefined) {
    return;
  }
  await killAll(spec.name, hierarchies);
  const root = await prepareRoot(spec, await machineTree(), keys);
  await recordFingerprint(spec.name, await fingerprintOf(spec));
  await createGroups(hierarchies, spec.name, spec.memoryBytes);
  await launch(spec, root, hierarchies);
}

async function ensureRunning(spec: MachineSpec, keys: MachineKeys, hierarchies: readonly Hierarchy[]): Promise<void> {
  const { name } = spec;
  await ensureLaunched(spec, keys, hierarchies);
  const findInit = async (): Promise<number | undefined> => initProcess(await processesOf(hierarchies, name));
  const init = await until(findInit, { seconds: launchSeconds, pause });
  const launcher = init === undefined ? undefined : await parentOf(init);
  if (init === undefined || launcher === undefined) {
    throw await failure(spec, `the machine ${name} did not start`);
  }
  await moveLauncher(hierarchies, name, launcher);
  await withNetworkLock(async () => {
    await attachMachine(spec, init);
    await addHosts(name, spec.address, [name, ...spec.names]);
  });
}

/** A running machine, with everything that an SSH client needs to reach it. */
export interface RunningMachine {
  readonly spec: MachineSpec;
  readonly keys: MachineKeys;
  /** Arguments for `ssh`, before the remote command. */
  readonly ssh: readonly string[];
}

/**
 * Starts the machine and waits until it accepts SSH logins. Each step reads the current state first. So this function
 * can run again on a running machine, and after a kill at any point.
 *
 * @throws OperatorError with the last lines of the console when the machine does not start
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
  const init = await initProcess(await processesOf(hierarchies, spec.name));
  if (init !== undefined) {
    signal(init, powerOff);
    const isOff = async (): Promise<boolean> =>
      (await initProcess(await processesOf(hierarchies, spec.name))) === undefined;
    await until(isOff, { seconds: stopSeconds, pause });
  }
  await killAll(spec.name, hierarchies);
}

/**
 * Shuts the machine down and removes its network interface, routes, host names and cgroups from this computer. The
 * machine's files stay. Succeeds when the machine does not run.
 */
export async function stopMachine(spec: MachineSpec): Promise<void> {
  const hierarchies = await readHierarchies();
  await holdingLock(await lockOf(spec.name), async () => {
    if (hasGroups(hierarchies, spec.name)) {
      await step(`stop machine ${spec.name}`, () => powerOffOrKill(spec, hierarchies));
    }
    await withNetworkLock(async () => {
      await detachMachine(spec);
      await removeHosts(spec.name);
    });
    await removeGroups(hierarchies, spec.name);
  });
}

/** The state of a machine. */
export interface MachineStatus {
  readonly name: string;
  readonly address: string;
  /** `starting`: its init process runs, but SSH does not answer yet. */
  readonly state: "running" | "starting" | "stopped";
  /** Process id of its init process on this computer. Undefined when the machine is stopped. */
  readonly pid?: number;
  /** Number of its processes. */
  readonly processes: number;
}

export async function machineStatus(spec: MachineSpec): Promise<MachineStatus> {
  const pids = await processesOf(await readHierarchies(), spec.name);
  const pid = await initProcess(pids);
  const answers = pid !== undefined && (await waitForSsh(spec, await machineKeys(spec.name), 1));
  const state = pid === undefined ? "stopped" : answers ? "running" : "starting";
  return { name: spec.name, address: spec.address, state, pid, processes: pids.length };
}
