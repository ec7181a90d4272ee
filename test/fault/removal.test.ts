import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { execa } from "execa";
import { cacheFolder } from "../../sandbox/builds/folders.ts";
import { engineSucceeds, sandboxSucceeds } from "../support/sandbox.ts";
import { isolatedProcesses } from "../support/isolated-processes.ts";

const linesWith = (pattern: RegExp, text: string): string[] => text.split("\n").filter((line) => pattern.test(line));

async function linesOf(pattern: RegExp, file: string, ...args: readonly string[]): Promise<string[]> {
  return linesWith(pattern, (await execa(file, args)).stdout);
}

/** Mounts of the sandbox in the mount namespace of any process: the machine has a namespace of its own. */
async function mounts(): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  // A process may end before its file is read.
  const texts = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/mountinfo`, "utf8").catch(() => "")));
  return texts.flatMap((text) => text.split("\n")).filter((line) => line.includes(cacheFolder("machines")));
}

async function cgroups(): Promise<string[]> {
  const entries = await readdir("/sys/fs/cgroup", { recursive: true });
  return entries.filter((name) => /kubepods|bibind/.test(name));
}

/** What the sandbox adds to this machine while it runs, by its kind. */
const traces = {
  process: isolatedProcesses,
  mount: mounts,
  interface: () => linesOf(/bibind/, "ip", "link", "show"),
  route: () => linesOf(/172\.30\.0|10\.152\.183/, "ip", "route", "show"),
  "line in /etc/hosts": async () => linesWith(/bibind/, await readFile("/etc/hosts", "utf8")),
  cgroup: cgroups,
} as const;

/** What the platform adds to the host and to the stack, by its kind. */
const additions = {
  "snap on the host": async () => linesWith(/^microk8s\s/, await sandboxSucceeds("ssh", "--", "snap", "list")),
  "firewall on the host": async () =>
    linesWith(/inet bibind/, await sandboxSucceeds("ssh", "--", "sudo", "nft", "list", "tables")),
  "resource in the state": async () =>
    linesWith(/^Current stack resources \([1-9]/, await engineSucceeds("stack", "--show-urns")),
} as const;

async function find(looks: Readonly<Record<string, () => Promise<string[]>>>): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const [kind, look] of Object.entries(looks)) {
    found.set(kind, await look());
  }
  return found;
}

describe("removal", function () {
  this.timeout(600_000);
  let present: ReadonlyMap<string, string[]>;
  let left: ReadonlyMap<string, string[]>;

  before(async () => {
    await sandboxSucceeds("up");
    present = await find({ ...traces, ...additions });
    await engineSucceeds("destroy", "--yes", "--skip-preview");
    const leftByPlatform = await find(additions);
    await sandboxSucceeds("down");
    left = new Map([...leftByPlatform, ...(await find(traces))]);
  });

  for (const kind of [...Object.keys(traces), ...Object.keys(additions)]) {
    it(`leaves no ${kind}`, () => {
      assert.notDeepEqual(present.get(kind), [], `the running sandbox has no ${kind}, so this test checks nothing`);
      assert.deepEqual(left.get(kind), []);
    });
  }
});
