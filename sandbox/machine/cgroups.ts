import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { OperatorError } from "../../components/errors/operator-error.ts";
import { until } from "../builds/until.ts";
import { isErrorCode } from "./error-code.ts";

/** A cgroup hierarchy that is mounted on this computer. */
export interface Hierarchy {
  readonly version: 1 | 2;
  /** Mount point. */
  readonly folder: string;
  /** Mount options that select this hierarchy (`cpu,cpuacct`, `none,name=systemd`). Empty for version 2. */
  readonly options: string;
}

/** Mount options of version 1 that change how a hierarchy behaves. They do not select it. */
const behaviour = /^(rw|ro|xattr|noprefix|clone_children|cpuset_v2_mode|release_agent=.*)$/;

/** Reads the hierarchies below /sys/fs/cgroup from the text of /proc/self/mountinfo. Version 1 comes first. */
export function parseHierarchies(mountinfo: string): Hierarchy[] {
  const found: Hierarchy[] = [];
  for (const line of mountinfo.split("\n")) {
    const [mount = "", filesystem = ""] = line.split(" - ");
    const folder = mount.split(" ")[4] ?? "";
    const [type = "", , options = ""] = filesystem.split(" ");
    if (!folder.startsWith("/sys/fs/cgroup")) {
      continue;
    }
    if (type === "cgroup2") {
      found.push({ version: 2, folder, options: "" });
    } else if (type === "cgroup") {
      const own = options.split(",").filter((option) => !behaviour.test(option));
      const named = own.some((option) => option.startsWith("name=")) ? ["none", ...own] : own;
      found.push({ version: 1, folder, options: named.join(",") });
    }
  }
  return found.sort((a, b) => a.version - b.version);
}

/** @throws OperatorError when no hierarchy is mounted */
export async function readHierarchies(): Promise<Hierarchy[]> {
  const hierarchies = parseHierarchies(await readFile("/proc/self/mountinfo", "utf8"));
  if (hierarchies.length === 0) {
    throw new OperatorError({
      what: "no control groups are mounted on this machine",
      where: "/sys/fs/cgroup",
      remedy: "mount them (systemd does this); start a container with --cgroupns=private and a writable /sys/fs/cgroup",
    });
  }
  return hierarchies;
}

/** Arguments for `enter.sh` that mount the same hierarchies in the machine. */
export function cgroupArguments(hierarchies: readonly Hierarchy[]): string[] {
  return hierarchies.flatMap((hierarchy) =>
    hierarchy.version === 2 ? ["cgroup2"] : ["cgroup1", hierarchy.options, basename(hierarchy.folder)],
  );
}

/** The groups that the machine sees as its root groups, one for each hierarchy. */
export function machineGroups(hierarchies: readonly Hierarchy[], name: string): string[] {
  return hierarchies.map((hierarchy) => join(hierarchy.folder, name, "machine"));
}

async function delegateControllers(folder: string): Promise<void> {
  const available = (await readFile(join(folder, "cgroup.controllers"), "utf8")).split(/\s+/).filter(Boolean);
  const enabled = (await readFile(join(folder, "cgroup.subtree_control"), "utf8")).split(/\s+/);
  const missing = available.filter((controller) => !enabled.includes(controller));
  if (missing.length > 0) {
    await writeFile(join(folder, "cgroup.subtree_control"), missing.map((controller) => `+${controller}`).join(" "));
  }
}

async function prepareCpuset(parent: string, group: string): Promise<void> {
  for (const file of ["cpuset.cpus", "cpuset.mems"]) {
    if (existsSync(join(group, file))) {
      await writeFile(join(group, file), await readFile(join(parent, file), "utf8"));
    }
  }
}

/**
 * Creates the machine's groups in every hierarchy. Existing groups stay.
 *
 * @param memoryBytes - memory limit of the whole machine; default: no limit
 */
export async function createGroups(hierarchies: readonly Hierarchy[], name: string, memoryBytes?: number) {
  for (const { version, folder } of hierarchies) {
    const group = join(folder, name);
    if (version === 2) {
      await delegateControllers(folder);
    }
    for (const created of [group, join(group, "machine"), join(group, "launcher")]) {
      await mkdir(created, { recursive: true });
      await prepareCpuset(folder, created);
    }
    if (version === 2) {
      await delegateControllers(group);
    }
    const limit = join(group, version === 2 ? "memory.max" : "memory.limit_in_bytes");
    if (memoryBytes !== undefined && existsSync(limit)) {
      await writeFile(limit, String(memoryBytes));
    }
  }
}

/** A group and all groups below it, innermost first. Empty when the group does not exist. */
async function groupsBelow(group: string): Promise<string[]> {
  const entries = await readdir(group, { withFileTypes: true }).catch((error: unknown) => {
    if (isErrorCode(error, "ENOENT")) {
      return [];
    }
    throw error;
  });
  const inner = await Promise.all(
    entries.filter((entry) => entry.isDirectory()).map((entry) => groupsBelow(join(group, entry.name))),
  );
  return existsSync(group) ? [...inner.flat(), group] : inner.flat();
}

/** Process ids of everything in the machine's groups, with the launcher. They are ids of the computer. */
export async function processesOf(hierarchies: readonly Hierarchy[], name: string): Promise<number[]> {
  const pids = new Set<number>();
  for (const { folder } of hierarchies) {
    for (const group of await groupsBelow(join(folder, name))) {
      const text = await readFile(join(group, "cgroup.procs"), "utf8").catch(() => "");
      for (const line of text.split("\n").filter(Boolean)) {
        pids.add(Number(line));
      }
    }
  }
  pids.delete(0);
  return [...pids];
}

/** Moves the launcher out of the machine's root group: the machine's systemd expects this group for itself. */
export async function moveLauncher(hierarchies: readonly Hierarchy[], name: string, pid: number): Promise<void> {
  for (const { folder } of hierarchies) {
    await writeFile(join(folder, name, "launcher", "cgroup.procs"), String(pid));
  }
}

const removalSeconds = 10;

/** Removes the groups that are not in use. Returns the groups that are left. */
async function removeIdleGroups(group: string): Promise<readonly string[]> {
  for (const inner of await groupsBelow(group)) {
    await rmdir(inner).catch((error: unknown) => {
      if (!isErrorCode(error, "EBUSY", "ENOENT", "ENOTEMPTY")) {
        throw error;
      }
    });
  }
  return groupsBelow(group);
}

/** Removes the machine's groups. The kernel releases a group shortly after its last process has ended. */
export async function removeGroups(hierarchies: readonly Hierarchy[], name: string): Promise<void> {
  for (const { folder } of hierarchies) {
    const group = join(folder, name);
    const areGone = async (): Promise<boolean> => (await removeIdleGroups(group)).length === 0;
    if ((await until(areGone, { seconds: removalSeconds, pause: 50 })) === undefined) {
      throw new Error(`the control group ${group} is still in use after ${removalSeconds} s`);
    }
  }
}

/** Whether a group of the machine exists in any hierarchy. */
export function hasGroups(hierarchies: readonly Hierarchy[], name: string): boolean {
  return hierarchies.some(({ folder }) => existsSync(join(folder, name)));
}
