import assert from "node:assert/strict";
import { join } from "node:path";
import { execa } from "execa";
import { SnapHost } from "./snap-host.ts";

describe("the machine's snap command", () => {
  let host: SnapHost;

  beforeEach(() => {
    host = new SnapHost();
    host.offer({ name: "one", revision: "7" });
  });

  afterEach(() => {
    host.remove();
  });

  it("installs content, command, units and services, and tells so as snapd does", async () => {
    const { stdout, exitCode } = await host.snap("install", "one", "--channel=1.0/stable");
    assert.equal(stdout, "one (1.0/stable) v7 from tests installed");
    assert.equal(exitCode, 0);
    const command = await execa(join(host.root, "snap/bin/one"), ["words"]);
    assert.equal(command.stdout, "hello from one with words");
    assert.match(
      host.read("etc/systemd/system/snap.one.daemon-two.service"),
      /^After=network.target snap.one.daemon-one.service$/m,
    );
    assert.deepEqual(host.services().slice(-1), ["start snap.one.daemon-one.service snap.one.daemon-two.service"]);
  });

  it("lists what is installed", async () => {
    await host.snap("install", "one");
    const { stdout } = await host.snap("list", "one");
    assert.deepEqual(stdout.split("\n")[1]?.split(/ +/), ["one", "v7", "7", "1.0/stable", "tests", "-"]);
  });

  it("leaves an installed snap as it is", async () => {
    await host.snap("install", "one");
    const calls = host.services().length;
    const { stderr, exitCode } = await host.snap("install", "one");
    assert.equal(stderr, `snap "one" is already installed, see 'snap help refresh'`);
    assert.equal(exitCode, 0);
    assert.equal(host.services().length, calls);
  });

  for (const [title, words, message, code] of [
    ["a snap that the store does not have", ["install", "other"], 'error: snap "other" not found', 1],
    ["a flag that it does not know", ["install", "one", "--devmode"], "error: unknown flag `devmode'", 1],
    ["a command that it does not know", ["pack"], `error: unknown command "pack", see 'snap help'.`, 64],
    ["to list what is not installed", ["list", "one"], "error: no matching snaps installed", 1],
    ["to refresh what is not installed", ["refresh", "one"], 'error: snap "one" is not installed', 1],
  ] as const) {
    it(`refuses ${title}`, async () => {
      const { stderr, exitCode } = await host.snap(...words);
      assert.equal(stderr, message);
      assert.equal(exitCode, code);
    });
  }

  it("refuses a channel that the snap does not have and names those that it has", async () => {
    const { stderr, exitCode } = await host.snap("install", "one", "--channel=2.0");
    assert.match(stderr, /^error: snap "one" is not available on 2\.0\/stable/);
    assert.match(stderr, /1\.0\/stable$/);
    assert.equal(exitCode, 1);
    assert.equal(host.has("snap/one"), false);
  });

  it("installs a classic snap only when it is told that it may", async () => {
    host.offer({ name: "one", revision: "7", confinement: "classic" });
    assert.match((await host.snap("install", "one")).stderr, /repeat the command including --classic/);
    assert.equal((await host.snap("install", "one", "--classic")).exitCode, 0);
  });

  it("finishes an installation that ended in the middle", async () => {
    host.offer({ name: "one", revision: "7", installHook: "kill -9 $PPID" });
    assert.notEqual((await host.snap("install", "one")).exitCode, 0);
    assert.match((await host.snap("list")).stderr, /No snaps are installed yet/);
    host.offer({ name: "one", revision: "8" });
    assert.equal((await host.snap("install", "one")).exitCode, 0);
    assert.match((await host.snap("list")).stdout, /^one +v8 /m);
  });

  it("does not take a snap for installed when its hook fails, and shows what the hook said", async () => {
    host.offer({ name: "one", revision: "7", installHook: "echo no room >&2; exit 1" });
    const { stderr, exitCode } = await host.snap("install", "one");
    assert.match(stderr, /Run install hook of "one" snap[^]*no room/);
    assert.equal(exitCode, 1);
    assert.match((await host.snap("list")).stderr, /No snaps are installed yet/);
  });

  it("brings the data of a snap along to another revision", async () => {
    await host.snap("install", "one");
    await execa("touch", [join(host.root, "var/snap/one/current/kept")]);
    host.offer({ name: "one", revision: "8" });
    assert.equal((await host.snap("refresh", "one")).stdout, "one (1.0/stable) v8 from tests refreshed");
    assert.equal(host.has("var/snap/one/current/kept"), true);
    assert.equal(host.has("snap/one/7"), false);
    assert.equal((await host.snap("refresh", "one")).stderr, 'snap "one" has no updates available');
  });

  it("removes a snap with its data only with --purge, and then leaves nothing", async () => {
    await host.snap("install", "one");
    assert.match((await host.snap("remove", "one")).stderr, /including --purge/);
    assert.equal((await host.snap("remove", "one", "--purge")).stdout, "one removed");
    for (const path of ["snap", "var/snap", "etc/systemd/system/snap.one.daemon-one.service"]) {
      assert.equal(host.has(path), false, path);
    }
    assert.equal((await host.snap("remove", "one", "--purge")).stderr, 'snap "one" is not installed');
  });
});
