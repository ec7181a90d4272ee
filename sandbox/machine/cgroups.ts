import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { OperatorError } from "../../components/errors/operator-error.ts";
import { until } from "../builds/until.ts";
import { isErrorCode } from "./error-code.ts";

/** One mounted cgroup hierarchy of the outside. */
export interface Hierarchy {
  readonly version: 1 | 2;
  /** Where it is mounted. */
  readonly folder: string;
  /** Mount options that name it again (`cpu,cpuacct`, `none,name=systemd`); empty for version 2. */
  readonly options: string;
}

/** Mount options that say how a version 1 hierarchy behaves, not which one it is. */
const behaviour = /^(rw|ro|xattr|noprefix|clone_children|cpuset_v2_mode|release_agent=.*)$/;

/** The hierarchies mounted under /sys/fs/cgroup, from the text of /proc/self/mountinfo; version 1 first. */
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

export async function readHierarchies(): Promise<Hierarchy[]> {
  const hierarchies = parseHierarchies(await readFile("/proc/self/mountinfo", "utf8"));
  if (hierarchies.length === 0) {
    throw new OperatorError({
      what: "no control groups are mounted on this machine",
      where: "/sys/fs/cgroup",
      remedy:
        "mount them (systemd does; in a container, start it with --cgroupns=private and a writable /sys/fs/cgroup)",
    });
  }
  return hierarchies;
}

/** Words for `enter.sh` that mount the same hierarchies in the machine. */
export function cgroupWords(hierarchies: readonly Hierarchy[]): string[] {
  return hierarchies.flatMap((hierarchy) =>
    hierarchy.version === 2 ? ["cgroup2"] : ["cgroup1", hierarchy.options, basename(hierarchy.folder)],
  );
}

/** The group that the machine sees as its root; the launcher is moved out of it, into `launcher`. */
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

/** Makes the machine's groups in every hierarchy; groups that are there already are kept. */
export async function createGroups(hierarchies: readonly Hierarchy[], name: string, memoryBytes?: number) {
  for (const { version, folder } of hierarchies) {
    const group = join(folder, name);
    if (version === 2) {
      await delegateControllers(folder);
    }
    for (const made of [group, join(group, "machine"), join(group, "launcher")]) {
      await mkdir(made, { recursive: true });
      await prepareCpuset(folder, made);
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

/** All groups of a machine in one hierarchy, inner ones first. */
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

/** Process ids, as the outside sees them, of everything that runs in the machine's groups, launcher included. */
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

/** Moves the launcher out of the group that the machine's systemd takes for its own root. */
export async function setLauncherApart(hierarchies: readonly Hierarchy[], name: string, pid: number): Promise<void> {
  for (const { folder } of hierarchies) {
    await writeFile(join(folder, name, "launcher", "cgroup.procs"), String(pid));
  }
}

const removalSeconds = 10;

/** Removes what can be removed of a machine's groups; what is left is in use. */
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

/** Removes the machine's groups once its processes are gone; the kernel needs a moment after the last one. */
export async function removeGroups(hierarchies: readonly Hierarchy[], name: string): Promise<void> {
  for (const { folder } of hierarchies) {
    const group = join(folder, name);
    const areGone = async (): Promise<boolean> => (await removeIdleGroups(group)).length === 0;
    if ((await until(areGone, { seconds: removalSeconds, pause: 50 })) === undefined) {
      throw new Error(`the control group ${group} is still in use after ${removalSeconds} s`);
    }
  }
}

/** True when some group of the machine is left in some hierarchy. */
export function hasGroups(hierarchies: readonly Hierarchy[], name: string): boolean {
  return hierarchies.some(({ folder }) => existsSync(join(folder, name)));
}
