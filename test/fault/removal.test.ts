import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { execa } from "execa";
import { cacheFolder } from "../../sandbox/builds/folders.ts";
import { engineSucceeds, sandboxSucceeds } from "../support/sandbox.ts";
import { isolatedProcesses } from "../support/isolated-processes.ts";

async function output(file: string, ...args: readonly string[]): Promise<string> {
  return (await execa(file, args)).stdout;
}

async function cgroups(): Promise<string[]> {
  const entries = await readdir("/sys/fs/cgroup", { recursive: true });
  return entries.filter((name) => /kubepods|bibind/.test(name));
}

describe("removal", function () {
  this.timeout(600_000);
  let remains = { resources: "", snaps: "", tables: "" };

  before(async () => {
    await sandboxSucceeds("up");
    assert.notDeepEqual(await isolatedProcesses(), [], "the machine runs in a network namespace of its own");
    await engineSucceeds("destroy", "--yes", "--skip-preview");
    remains = {
      resources: await engineSucceeds("stack", "--show-urns"),
      snaps: await sandboxSucceeds("ssh", "--", "snap", "list"),
      tables: await sandboxSucceeds("ssh", "--", "sudo", "nft", "list", "tables"),
    };
    await sandboxSucceeds("down");
  });

  it("leaves no resource in the state", () => {
    assert.match(remains.resources, /Current stack resources \(0\)/);
  });

  it("leaves no snap and no firewall on the host", () => {
    assert.doesNotMatch(remains.snaps, /microk8s/);
    assert.doesNotMatch(remains.tables, /inet bibind/);
  });

  it("leaves no process", async () => {
    assert.deepEqual(await isolatedProcesses(), []);
  });

  it("leaves no mount", async () => {
    const mounts = await readFile("/proc/self/mountinfo", "utf8");
    assert(!mounts.includes(cacheFolder()), mounts);
    assert(!mounts.includes("bibind"), mounts);
  });

  it("leaves no interface, namespace or route", async () => {
    assert.doesNotMatch(await output("ip", "link", "show"), /bibind/);
    assert.doesNotMatch(await output("ip", "netns", "list"), /bibind/);
    assert.doesNotMatch(await output("ip", "route", "show"), /172\.30\.0|10\.152\.183/);
  });

  it("leaves no line in /etc/hosts", async () => {
    assert.doesNotMatch(await readFile("/etc/hosts", "utf8"), /bibind/);
  });

  it("leaves no cgroup", async () => {
    assert.deepEqual(await cgroups(), []);
  });
});
