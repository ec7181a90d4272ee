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

  it("installs a missing package, and removes it again", async () => {
    step.host.command("dpkg-query", '[ -e "$ROOT/package" ] && echo "ii "');
    step.host.command(
      "apt-get",
      'case "$*" in *purge*) rm "$ROOT/package" ;; *install*) touch "$ROOT/package" ;; esac',
    );
    assert.equal((await step.create()).exitCode, 0);
    assert.equal((await step.remove()).exitCode, 0);
    assert.deepEqual([step.host.has("package"), step.host.has(config)], [false, false]);
  });

  it("keeps a package that was installed before", async () => {
    await step.create();
    await step.remove();
    assert.deepEqual(step.host.calls("apt-get"), []);
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
