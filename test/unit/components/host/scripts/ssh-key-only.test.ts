import assert from "node:assert/strict";
import { HostStep } from "../../../../support/host-step.ts";

describe("ssh-key-only.sh", () => {
  let step: HostStep;
  beforeEach(() => {
    step = new HostStep("ssh-key-only");
  });
  afterEach(() => step.host.remove());

  const dropIn = "etc/ssh/sshd_config.d/10-bibind.conf";

  beforeEach(() => {
    step.host.command("getent", "echo root:x:0:0::/root:/bin/sh");
    step.host.write("root/.ssh/authorized_keys", "# mine\nssh-ed25519 AAAA me\n");
    const effective = `cat "$ROOT/${dropIn}" 2>/dev/null || echo passwordauthentication yes`;
    step.host.command("sshd", `case $1 in -T) ${effective} ;; esac`);
    step.host.command("systemctl", ":");
  });

  it("makes sshd refuse passwords, and reloads it once", async () => {
    assert.equal((await step.create()).exitCode, 0);
    assert.match(step.host.read(dropIn), /^PasswordAuthentication no$/m);
    assert.deepEqual(
      step.host.calls("systemctl").filter((call) => call.includes("reload")),
      ["systemctl reload ssh"],
    );
    assert.match((await step.create()).stderr, /nothing to do/);
  });

  it("refuses a change after which nobody could log in", async () => {
    step.host.write("root/.ssh/authorized_keys", "# none\n");
    const { exitCode, stderr } = await step.create();
    assert.deepEqual([exitCode, step.host.has(dropIn)], [70, false]);
    assert.match(stderr, /root has no key in ~\/\.ssh\/authorized_keys.*hardening\.sshKeyOnly to false/);
  });

  it("changes nothing if sshd does not accept the configuration", async () => {
    step.host.command(
      "sshd",
      "case $1 in -T) echo passwordauthentication yes ;; -t) echo bad option >&2; exit 1 ;; esac",
    );
    const { exitCode, stderr } = await step.create();
    assert.deepEqual([exitCode, step.host.has(dropIn)], [70, false]);
    assert.match(stderr, /bad option\n[^]*sshd does not accept its configuration/);
    assert.deepEqual(step.host.calls("systemctl"), []);
  });

  it("fails if the main file does not include the folder", async () => {
    step.host.command("sshd", "case $1 in -T) echo passwordauthentication yes ;; esac");
    const { exitCode, stderr } = await step.create();
    assert.equal(exitCode, 70);
    assert.match(stderr, /sshd still accepts passwords .* Include \/etc\/ssh\/sshd_config\.d/);
  });

  it("makes sshd refuse SHA-1 and 64-bit codes", async () => {
    await step.create();
    assert.match(step.host.read(dropIn), /^MACs -hmac-sha1\*,umac-64\*$/m);
    assert.match(step.host.read(dropIn), /^KexAlgorithms -diffie-hellman-\*-sha1$/m);
  });

  it("fails if another file keeps a weak algorithm", async () => {
    const macs = "macs umac-128@openssh.com,hmac-sha1";
    step.host.command("sshd", `case $1 in -T) cat "$ROOT/${dropIn}" 2>/dev/null; echo ${macs} ;; esac`);
    const { exitCode, stderr } = await step.create();
    assert.equal(exitCode, 70);
    assert.match(stderr, /sshd still accepts algorithms with SHA-1 .* remove MACs/);
  });

  it("allows passwords again when it is removed", async () => {
    await step.create();
    assert.equal((await step.remove()).exitCode, 0);
    assert.equal(step.host.has(dropIn), false);
  });
});
