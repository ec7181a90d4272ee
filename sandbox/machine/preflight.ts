import { readFile, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { existsSync } from "node:fs";
import { execa } from "execa";
import { OperatorError, type OperatorErrorParts } from "../../components/errors/operator-error.ts";
import { cacheFolder } from "../builds/folders.ts";
import { interfaceAlias, overlaps, rangeOf, readLinks, readRoutes, type Link, type Route } from "./network.ts";
import type { MachineSpec } from "./spec.ts";

/** What is true of the computer that the sandbox is to run on. */
export interface Facts {
  /** `process.platform`. */
  readonly platform: string;
  /** User id of this process. */
  readonly uid: number;
  /** Free bytes on the file system of the cache folder. */
  readonly freeDiskBytes: number;
  /** True when the cache folder holds an earlier build. */
  readonly isCacheFilled: boolean;
  readonly totalMemoryBytes: number;
  readonly hasApt: boolean;
  /** Abilities of the kernel that were tried and failed, with what was said. */
  readonly missingAbilities: Readonly<Record<string, string>>;
  readonly links: readonly Link[];
  readonly routes: readonly Route[];
}

const gibibyte = 2 ** 30;

/** Free disk that a first `up` needs, and one that finds everything built. */
const coldDiskBytes = 15 * gibibyte;
const warmDiskBytes = 3 * gibibyte;
/** The kernel keeps a little of what is fitted, so a computer of 8 GiB has slightly less. */
const memoryBytes = 7.5 * gibibyte;

const inGibibytes = (bytes: number): string => `${(bytes / gibibyte).toFixed(1)} GiB`;

function* resourceProblems(facts: Facts): Generator<OperatorErrorParts> {
  if (facts.platform !== "linux" || !facts.hasApt) {
    yield {
      what: "the sandbox needs a Debian machine",
      where: `this machine (${facts.platform})`,
      remedy: "run it on Debian 12 or newer, or use a cluster you have: make up CLUSTER=existing",
    };
  }
  if (facts.uid !== 0) {
    yield {
      what: "the sandbox makes network interfaces and namespaces, which takes root",
      where: `user id ${facts.uid}`,
      remedy: "run the same command as root (sudo make up)",
    };
  }
  const disk = facts.isCacheFilled ? warmDiskBytes : coldDiskBytes;
  if (facts.freeDiskBytes < disk) {
    yield {
      what: `too little disk: ${inGibibytes(facts.freeDiskBytes)} free, ${inGibibytes(disk)} needed`,
      where: cacheFolder(),
      remedy: "free space there, or point BIBIND_CACHE at a folder on a larger disk",
    };
  }
  if (facts.totalMemoryBytes < memoryBytes) {
    yield {
      what: `too little memory: ${inGibibytes(facts.totalMemoryBytes)} fitted, 8 GiB needed`,
      where: "/proc/meminfo",
      remedy: "use a larger machine, or a cluster you have: make up CLUSTER=existing",
    };
  }
}

function* abilityProblems(facts: Facts): Generator<OperatorErrorParts> {
  for (const [ability, said] of Object.entries(facts.missingAbilities)) {
    yield {
      what: `the kernel of this machine refuses ${ability}: ${said}`,
      where: "the kernel, or the container around this machine",
      remedy: "use a machine of its own, or a container with --privileged",
    };
  }
}

function* networkProblems(facts: Facts, spec: MachineSpec): Generator<OperatorErrorParts> {
  const { network } = spec;
  const range = rangeOf(network);
  const namedAlike = (link: Link): boolean => link.ifname === network.bridge || link.ifname === spec.name;
  const ours = new Set(facts.links.filter((link) => link.ifalias === interfaceAlias).map((link) => link.ifname));
  // A port without its mark is what a kill between two commands leaves; its name and its kind of link tell it.
  const strangers = facts.links.filter((link) => !ours.has(link.ifname) && link.ifname !== spec.name);
  for (const link of strangers) {
    const taken = link.addr_info.find(({ family, local }) => family === "inet" && local && overlaps(local, range));
    if (taken !== undefined) {
      yield {
        what: `address ${taken.local ?? ""} of the sandbox's network ${network.gateway}/${network.prefix} is in use`,
        where: `interface ${link.ifname}`,
        remedy: "remove that interface or give it another address, then run again",
      };
    } else if (namedAlike(link) && link.addr_info.length > 0) {
      yield {
        what: `an interface named ${link.ifname} is there and is not the sandbox's`,
        where: `interface ${link.ifname}`,
        remedy: `rename or delete it (ip link delete ${link.ifname}), then run again`,
      };
    }
  }
  for (const route of facts.routes) {
    const wanted = [range, ...spec.routes].find((own) => route.dst !== "default" && overlaps(route.dst, own));
    if (wanted !== undefined && !ours.has(route.dev ?? "") && route.dev !== undefined) {
      const isReported = strangers.some(
        (link) => link.ifname === route.dev && link.addr_info.some(({ local }) => local && overlaps(local, range)),
      );
      if (!isReported) {
        yield {
          what: `the route to ${route.dst} takes addresses that the sandbox needs (${wanted})`,
          where: `interface ${route.dev}`,
          remedy: `remove it (ip route delete ${route.dst}), then run again`,
        };
      }
    }
  }
}

/** Everything that stands against starting the machine; nothing is changed. */
export function problems(facts: Facts, spec: MachineSpec): OperatorErrorParts[] {
  return [...resourceProblems(facts), ...abilityProblems(facts), ...networkProblems(facts, spec)];
}

async function attempt(command: string, ...args: readonly string[]): Promise<string | undefined> {
  const result = await execa(command, args, { reject: false, stdin: "ignore", all: true });
  return result.failed ? result.all.trim() || result.shortMessage : undefined;
}

/** Tries, in namespaces of their own, what the machine will do. */
async function missingAbilities(): Promise<Record<string, string>> {
  const inNamespaces = ["--mount", "--net", "--pid", "--uts", "--ipc", "--cgroup", "--fork"];
  // "name" is said, for `ip` takes a short name for the beginning of one of its own words.
  const addLink = ["ip", "link", "add", "name", "probe0", "type"];
  const tries: Record<string, string | undefined> = {
    "process, network and mount namespaces": await attempt("unshare", ...inNamespaces, "true"),
    "virtual network interfaces (veth)": await attempt(
      "unshare",
      "--net",
      ...addLink,
      "veth",
      "peer",
      "name",
      "probe1",
    ),
    "network bridges": await attempt("unshare", "--net", ...addLink, "bridge"),
    "overlay file systems": await attempt(
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
    missingAbilities: isRoot ? await missingAbilities() : {},
    links: await readLinks(),
    routes: await readRoutes(),
  };
}

/**
 * Looks at everything before anything is touched.
 *
 * @throws OperatorError that tells every problem at once
 */
export function refuseProblems(found: readonly OperatorErrorParts[]): void {
  const [first, ...others] = found;
  if (first === undefined) {
    return;
  }
  if (others.length === 0) {
    throw new OperatorError(first);
  }
  const lines = found.map((problem) => `- ${problem.what} (${problem.where}): ${problem.remedy}`);
  throw new OperatorError({
    what: `this machine cannot hold the sandbox; nothing was changed\n${lines.join("\n")}`,
    where: "this machine",
    remedy: "mend what each line says, then run again",
  });
}
