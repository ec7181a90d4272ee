import assert from "node:assert/strict";
import { join } from "node:path";
import { execa } from "execa";
import { SnapHost } from "./snap-host.ts";

describe("the machine's snap command", () => {
  let host: SnapHost;

  beforeEach(() => {
    host = new SnapHost();
    host.addToStore({ name: "one", revision: "7" });
  });

  afterEach(() => {
    host.remove();
  });

  it("installs content, command, units and services, and prints the same message as snapd", async () => {
    const { stdout, exitCode } = await host.snap("install", "one", "--channel=1.0/stable");
    assert.equal(stdout, "one (1.0/stable) v7 from tests installed");
    assert.equal(exitCode, 0);
    const command = await execa(join(host.root, "snap/bin/one"), ["words"]);
    assert.equal(command.stdout, "hello from one with words");
    assert.match(
      host.read("etc/systemd/system/snap.one.daemon-two.service"),
      /^After=network.target snap.one.daemon-one.service$/m,
    );
    assert.deepEqual(host.systemctlCalls().slice(-1), [
      "start snap.one.daemon-one.service snap.one.daemon-two.service",
    ]);
  });

  it("lists the installed snaps", async () => {
    await host.snap("install", "one");
    const { stdout } = await host.snap("list", "one");
    assert.deepEqual(stdout.split("\n")[1]?.split(/ +/), ["one", "v7", "7", "1.0/stable", "tests", "-"]);
  });

  it("does not change an installed snap", async () => {
    await host.snap("install", "one");
    const calls = host.systemctlCalls().length;
    const { stderr, exitCode } = await host.snap("install", "one");
    assert.equal(stderr, `snap "one" is already installed, see 'snap help refresh'`);
    assert.equal(exitCode, 0);
    assert.equal(host.systemctlCalls().length, calls);
  });

  for (const [title, words, message, code] of [
    ["a snap that is not in the store", ["install", "other"], 'error: snap "other" not found', 1],
    ["an unknown flag", ["install", "one", "--devmode"], "error: unknown flag `devmode'", 1],
    ["an unknown command", ["pack"], `error: unknown command "pack", see 'snap help'.`, 64],
    ["to list a snap that is not installed", ["list", "one"], "error: no matching snaps installed", 1],
    ["to refresh a snap that is not installed", ["refresh", "one"], 'error: snap "one" is not installed', 1],
  ] as const) {
    it(`refuses ${title}`, async () => {
      const { stderr, exitCode } = await host.snap(...words);
      assert.equal(stderr, message);
      assert.equal(exitCode, code);
    });
  }

  it("refuses an unknown channel and names the channels of the snap", async () => {
    const { stderr, exitCode } = await host.snap("install", "one", "--channel=2.0");
    assert.match(stderr, /^error: snap "one" is not available on 2\.0\/stable/);
    assert.match(stderr, /1\.0\/stable$/);
    assert.equal(exitCode, 1);
    assert.equal(host.has("snap/one"), false);
  });

  it("installs a classic snap only with --classic", async () => {
    host.addToStore({ name: "one", revision: "7", confinement: "classic" });
    assert.match((await host.snap("install", "one")).stderr, /repeat the command including --classic/);
    assert.equal((await host.snap("install", "one", "--classic")).exitCode, 0);
  });

  it("completes an installation that was killed in the middle", async () => {
    host.addToStore({ name: "one", revision: "7", installHook: "kill -9 $PPID" });
    assert.notEqual((await host.snap("install", "one")).exitCode, 0);
    assert.match((await host.snap("list")).stderr, /No snaps are installed yet/);
    host.addToStore({ name: "one", revision: "8" });
    assert.equal((await host.snap("install", "one")).exitCode, 0);
    assert.match((await host.snap("list")).stdout, /^one +v8 /m);
  });

  it("does not list a snap as installed when its hook fails, and shows the output of the hook", async () => {
    host.addToStore({ name: "one", revision: "7", installHook: "echo no room >&2; exit 1" });
    const { stderr, exitCode } = await host.snap("install", "one");
    assert.match(stderr, /Run install hook of "one" snap[^]*no room/);
    assert.equal(exitCode, 1);
    assert.match((await host.snap("list")).stderr, /No snaps are installed yet/);
  });

  it("keeps the data of a snap in a new revision", async () => {
    await host.snap("install", "one");
    await execa("touch", [join(host.root, "var/snap/one/current/kept")]);
    host.addToStore({ name: "one", revision: "8" });
    assert.equal((await host.snap("refresh", "one")).stdout, "one (1.0/stable) v8 from tests refreshed");
    assert.equal(host.has("var/snap/one/current/kept"), true);
    assert.equal(host.has("snap/one/7"), false);
    assert.equal((await host.snap("refresh", "one")).stderr, 'snap "one" has no updates available');
  });

  it("removes a snap and all its data only with --purge", async () => {
    await host.snap("install", "one");
    assert.match((await host.snap("remove", "one")).stderr, /including --purge/);
    assert.equal((await host.snap("remove", "one", "--purge")).stdout, "one removed");
    for (const path of ["snap", "var/snap", "etc/systemd/system/snap.one.daemon-one.service"]) {
      assert.equal(host.has(path), false, path);
    }
    assert.equal((await host.snap("remove", "one", "--purge")).stderr, 'snap "one" is not installed');
  });
});
