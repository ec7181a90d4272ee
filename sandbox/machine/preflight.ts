import { readFile, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { existsSync } from "node:fs";
import { execa } from "execa";
import { OperatorError, type OperatorErrorParts } from "../../components/errors/operator-error.ts";
import { cacheFolder } from "../builds/folders.ts";
import { interfaceAlias, overlaps, rangeOf, readLinks, readRoutes, type Link, type Route } from "./network.ts";
import type { MachineSpec } from "./spec.ts";

/** The properties of this computer that decide whether it can run the sandbox. */
export interface Facts {
  /** `process.platform`. */
  readonly platform: string;
  /** User id of this process. */
  readonly uid: number;
  /** Free bytes on the file system of the cache folder. */
  readonly freeDiskBytes: number;
  /** Whether the cache folder holds an earlier build. */
  readonly isCacheFilled: boolean;
  readonly totalMemoryBytes: number;
  readonly hasApt: boolean;
  /** Kernel features that do not work, each with the error message of a try. */
  readonly missingFeatures: Readonly<Record<string, string>>;
  readonly links: readonly Link[];
  readonly routes: readonly Route[];
}

const gibibyte = 2 ** 30;

/** Free disk space for the first `up`, and for a later one that builds nothing. */
const coldDiskBytes = 15 * gibibyte;
const warmDiskBytes = 3 * gibibyte;
/** The kernel reserves some memory, so a computer with 8 GiB reports slightly less. */
const memoryBytes = 7.5 * gibibyte;

const inGibibytes = (bytes: number): string => `${(bytes / gibibyte).toFixed(1)} GiB`;

function* resourceProblems(facts: Facts): Generator<OperatorErrorParts> {
  if (facts.platform !== "linux" || !facts.hasApt) {
    yield {
      what: "the sandbox needs a Debian machine",
      where: `this machine (${facts.platform})`,
      remedy: "run it on Debian 12 or newer, or use your own cluster: make up CLUSTER=existing",
    };
  }
  if (facts.uid !== 0) {
    yield {
      what: "the sandbox creates network interfaces and namespaces, which requires root",
      where: `user id ${facts.uid}`,
      remedy: "run the same command as root (sudo make up)",
    };
  }
  const disk = facts.isCacheFilled ? warmDiskBytes : coldDiskBytes;
  if (facts.freeDiskBytes < disk) {
    yield {
      what: `too little disk space: ${inGibibytes(facts.freeDiskBytes)} free, ${inGibibytes(disk)} needed`,
      where: cacheFolder(),
      remedy: "free disk space there, or set BIBIND_CACHE to a folder on a larger disk",
    };
  }
  if (facts.totalMemoryBytes < memoryBytes) {
    yield {
      what: `too little memory: ${inGibibytes(facts.totalMemoryBytes)} installed, 8 GiB needed`,
      where: "/proc/meminfo",
      remedy: "use a larger machine, or your own cluster: make up CLUSTER=existing",
    };
  }
}

function* kernelProblems(facts: Facts): Generator<OperatorErrorParts> {
  for (const [feature, message] of Object.entries(facts.missingFeatures)) {
    yield {
      what: `the kernel of this machine does not allow ${feature}: ${message}`,
      where: "the kernel, or the container around this machine",
      remedy: "use a physical or virtual machine, or a container with --privileged",
    };
  }
}

function* networkProblems(facts: Facts, spec: MachineSpec): Generator<OperatorErrorParts> {
  const { network } = spec;
  const range = rangeOf(network);
  const hasOurName = (link: Link): boolean => link.ifname === network.bridge || link.ifname === spec.name;
  const ours = new Set(facts.links.filter((link) => link.ifalias === interfaceAlias).map((link) => link.ifname));
  // A start that was killed can leave the machine's interface without its alias. Its name identifies it.
  const foreign = facts.links.filter((link) => !ours.has(link.ifname) && link.ifname !== spec.name);
  for (const link of foreign) {
    const taken = link.addr_info.find(({ family, local }) => family === "inet" && local && overlaps(local, range));
    if (taken !== undefined) {
      yield {
        what: `address ${taken.local ?? ""} of the sandbox's network ${network.gateway}/${network.prefix} is in use`,
        where: `interface ${link.ifname}`,
        remedy: "remove that interface or give it another address, then run again",
      };
    } else if (hasOurName(link) && link.addr_info.length > 0) {
      yield {
        what: `an interface named ${link.ifname} exists and does not belong to the sandbox`,
        where: `interface ${link.ifname}`,
        remedy: `rename or delete it (ip link delete ${link.ifname}), then run again`,
      };
    }
  }
  for (const route of facts.routes) {
    const wanted = [range, ...spec.routes].find((own) => route.dst !== "default" && overlaps(route.dst, own));
    if (wanted !== undefined && !ours.has(route.dev ?? "") && route.dev !== undefined) {
      const isReported = foreign.some(
        (link) => link.ifname === route.dev && link.addr_info.some(({ local }) => local && overlaps(local, range)),
      );
      if (!isReported) {
        yield {
          what: `the route to ${route.dst} contains addresses that the sandbox needs (${wanted})`,
          where: `interface ${route.dev}`,
          remedy: `remove it (ip route delete ${route.dst}), then run again`,
        };
      }
    }
  }
}

/** Everything that prevents a start of the machine. */
export function problems(facts: Facts, spec: MachineSpec): OperatorErrorParts[] {
  return [...resourceProblems(facts), ...kernelProblems(facts), ...networkProblems(facts, spec)];
}

/** The error message of a command; undefined when it succeeds. */
async function failureOf(command: string, ...args: readonly string[]): Promise<string | undefined> {
  const result = await execa(command, args, { reject: false, stdin: "ignore", all: true });
  return result.failed ? result.all.trim() || result.shortMessage : undefined;
}

/** Tries the kernel features that a machine needs. Each try runs in its own namespaces. */
async function missingFeatures(): Promise<Record<string, string>> {
  const inNamespaces = ["--mount", "--net", "--pid", "--uts", "--ipc", "--cgroup", "--fork"];
  // Without the word "name", `ip` can read a short interface name as an abbreviation of one of its keywords.
  const addLink = ["ip", "link", "add", "name", "probe0", "type"];
  const tries: Record<string, string | undefined> = {
    "process, network and mount namespaces": await failureOf("unshare", ...inNamespaces, "true"),
    "virtual network interfaces (veth)": await failureOf(
      "unshare",
      "--net",
      ...addLink,
      "veth",
      "peer",
      "name",
      "probe1",
    ),
    "network bridges": await failureOf("unshare", "--net", ...addLink, "bridge"),
    "overlay file systems": await failureOf(
      "unshare",
      "--mount",
      "mount",
      "-t",
      "overlay",
      "-o",
      "lowerdir=/etc:/usr",
      "overlay",
      "/mnt",
    ),
  };
  const missing = Object.entries(tries).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(missing);
}

function nearestExisting(folder: string): string {
  return existsSync(folder) ? folder : nearestExisting(dirname(folder));
}

async function totalMemory(): Promise<number> {
  const kibibytes = /^MemTotal:\s+(\d+) kB/m.exec(await readFile("/proc/meminfo", "utf8"))?.[1];
  return Number(kibibytes ?? 0) * 1024;
}

export async function gatherFacts(): Promise<Facts> {
  const isRoot = process.getuid?.() === 0;
  const disk = await statfs(nearestExisting(cacheFolder()));
  return {
    platform: process.platform,
    uid: process.getuid?.() ?? -1,
    freeDiskBytes: disk.bavail * disk.bsize,
    isCacheFilled: existsSync(cacheFolder("machines", "bibind-host", "root")),
    totalMemoryBytes: await totalMemory(),
    hasApt: existsSync("/usr/bin/apt-get"),
    missingFeatures: isRoot ? await missingFeatures() : {},
    links: await readLinks(),
    routes: await readRoutes(),
  };
}

/** @throws OperatorError that lists all problems, when there is one */
export function requireNoProblems(found: readonly OperatorErrorParts[]): void {
  const [first, ...others] = found;
  if (first === undefined) {
    return;
  }
  if (others.length === 0) {
    throw new OperatorError(first);
  }
  const lines = found.map((problem) => `- ${problem.what} (${problem.where}): ${problem.remedy}`);
  throw new OperatorError({
    what: `this machine cannot run the sandbox; nothing was changed\n${lines.join("\n")}`,
    where: "this machine",
    remedy: "fix each problem in the list, then run again",
  });
}
