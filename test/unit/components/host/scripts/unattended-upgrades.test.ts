import assert from "node:assert/strict";
import { HostStep } from "../../../../support/host-step.ts";

describe("unattended-upgrades.sh", () => {
  let step: HostStep;
  beforeEach(() => {
    step = new HostStep("unattended-upgrades");
  });
  afterEach(() => step.host.remove());

  const config = "etc/apt/apt.conf.d/60bibind-unattended-upgrades";

  it("configures an installed package without apt", async () => {
    assert.equal((await step.create()).exitCode, 0);
    assert.match(step.host.read(config), /APT::Periodic::Unattended-Upgrade "1";/);
    assert.deepEqual(step.host.calls("apt-get"), []);
    assert.match((await step.create()).stderr, /nothing to do/);
  });

  /** A machine on which a file holds the state of the package, as dpkg names it. */
  function packageState(state: string, withOthers: readonly string[] = []): void {
    const name = "unattended-upgrades";
    step.host.write("package", state);
    step.host.command("dpkg-query", 'cat "$ROOT/package"');
    step.host.command(
      "apt-get",
      `case "$*" in
  *"-s "*) printf 'Remv %s\\n' ${[name, ...withOthers].join(" ")} ;;
  *" purge "*) printf not-installed >"$ROOT/package" ;;
  *" remove "*) printf config-files >"$ROOT/package" ;;
  *" install "*) [ ! -e "$ROOT/broken" ] || exit 100; printf installed >"$ROOT/package" ;;
esac`,
    );
  }

  /** The calls of apt that change the machine. */
  const changes = (): string[] =>
    step.host.calls("apt-get").flatMap((call) => /-y( --no-install-recommends)? (\w+) (\S+)$/.exec(call)?.[2] ?? []);

  it("installs a missing package, and removes it again", async () => {
    packageState("not-installed");
    assert.equal((await step.create()).exitCode, 0);
    assert.equal((await step.remove()).exitCode, 0);
    assert.deepEqual([step.host.read("package"), step.host.has(config)], ["not-installed", false]);
    assert.equal(step.host.has("etc/bibind"), false);
  });

  for (const state of ["installed", "triggers-pending"]) {
    it(`keeps a package that was installed before (${state}), also one that apt must not upgrade`, async () => {
      packageState(state);
      assert.equal((await step.create()).exitCode, 0);
      assert.equal((await step.remove()).exitCode, 0);
      assert.deepEqual(changes(), []);
    });
  }

  it("keeps a package that the operator installs by hand after the platform could not", async () => {
    packageState("not-installed");
    step.host.write("broken", "");
    assert.equal((await step.create()).exitCode, 70);
    packageState("installed");
    assert.equal((await step.create()).exitCode, 0);
    assert.equal((await step.remove()).exitCode, 0);
    assert.deepEqual(changes(), ["install"]);
  });

  it("keeps the configuration files that were there before the package", async () => {
    packageState("config-files");
    await step.create();
    await step.remove();
    assert.deepEqual(changes(), ["install", "remove"]);
  });

  it("keeps a package that others need by now", async () => {
    packageState("not-installed");
    await step.create();
    packageState("installed", ["the-operators-tool"]);
    const { exitCode, stderr } = await step.remove();
    assert.equal(exitCode, 0);
    assert.match(stderr, /the package unattended-upgrades stays, because other packages need it/);
    assert.deepEqual(changes(), ["install"]);
  });

  it("does not remove a package that the operator removed already", async () => {
    packageState("not-installed");
    await step.create();
    packageState("not-installed");
    assert.equal((await step.remove()).exitCode, 0);
    assert.deepEqual(changes(), ["install"]);
  });

  it("removes a package whose installation was killed after the record", async () => {
    packageState("not-installed");
    step.host.write("etc/bibind/installed/unattended-upgrades", "purge\n");
    packageState("installed");
    await step.create();
    await step.remove();
    assert.deepEqual(changes(), ["purge"]);
  });

  it("names the package that cannot be installed", async () => {
    step.host.command("dpkg-query", "exit 1");
    step.host.command("apt-get", 'case "$*" in *install*) exit 100 ;; esac');
    const { exitCode, stderr } = await step.create();
    assert.equal(exitCode, 70);
    assert.match(
      stderr,
      /the package unattended-upgrades cannot be installed \| host 192\.0\.2\.7 \| configure a package mirror/,
    );
  });
});
