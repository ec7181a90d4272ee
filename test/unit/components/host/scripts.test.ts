import assert from "node:assert/strict";
import { OvhHost, type Hardening, type HostMinimum } from "../../../../components/host/ovh-host.ts";
import { FakeHost, type StepResult } from "../../../support/fake-host.ts";
import { record } from "../../../support/mocks.ts";

interface Given {
  readonly minimum?: Partial<HostMinimum>;
  readonly hardening?: Partial<Hardening>;
}

/** What the step hands to the SSH server. */
async function textOf(step: string, action: "create" | "delete", given: Given = {}): Promise<string> {
  const recording = await record(
    () =>
      new OvhHost("host", {
        address: "192.0.2.7",
        user: "root",
        privateKey: "KEY",
        hostKey: "ssh-ed25519 AAAA",
        minimum: { cpus: 2, memoryGiB: 8, diskGiB: 40, ...given.minimum },
        hardening: {
          sshKeyOnly: true,
          unattendedUpgrades: true,
          firewall: { allowedTcpPorts: [22], trustedNetworks: [] },
          requireDiskEncryption: false,
          ...given.hardening,
        },
      }),
  );
  return String(recording.named(`host-${step}-command`).inputs[action]);
}

let host: FakeHost;

beforeEach(() => {
  host = new FakeHost();
});

afterEach(() => host.remove());

async function create(step: string, given?: Given, connection?: string): Promise<StepResult> {
  return host.run(await textOf(step, "create", given), { connection });
}

async function remove(step: string): Promise<StepResult> {
  return host.run(await textOf(step, "delete"));
}

const mebibyte = 1024;

describe("preflight.sh", () => {
  function fitHost(): void {
    host.write("etc/os-release", 'PRETTY_NAME="Debian"\nID=debian\nVERSION_ID="13"\nVERSION_CODENAME=trixie\n');
    host.write(
      "proc/cpuinfo",
      "processor\t: 0\nflags\t\t: fpu vmx\nvmx flags\t: x\nprocessor\t: 1\nflags\t\t: fpu vmx\n",
    );
    host.write("proc/meminfo", `MemTotal:       ${7.8 * 1024 * mebibyte} kB\nMemFree: 1 kB\n`);
    host.command(
      "df",
      `echo "Filesystem 1024-blocks Used Available"; echo "/dev/sda 104857600 1 ${50 * 1024 * mebibyte}"`,
    );
    host.command("timedatectl", "echo yes");
    host.command("sleep", ":");
  }

  it("reports the facts of a host that is fit", async () => {
    fitHost();
    const { exitCode, stdout, stderr } = await create("preflight");
    assert.equal(exitCode, 0, stderr);
    assert.equal(stdout, "os=debian 13\ncpus=2\nmemoryGiB=8\ndiskGiB=50\nvirtualisation=vmx\nclock=synchronised");
    assert.doesNotMatch(stderr, /warning/);
  });

  for (const [id, version] of [
    ["debian", "12"],
    ["ubuntu", "22.04"],
    ["ubuntu", "24.04"],
  ] as const) {
    it(`accepts ${id} ${version}`, async () => {
      fitHost();
      host.write("etc/os-release", `ID=${id}\nVERSION_ID="${version}"\n`);
      assert.equal((await create("preflight")).exitCode, 0);
    });
  }

  it("tells every shortage at once, each with its setting and a remedy", async () => {
    fitHost();
    host.write("etc/os-release", "ID=fedora\nVERSION_ID=42\n");
    host.command("timedatectl", "echo no");
    const { exitCode, stdout, stderr } = await create("preflight", {
      minimum: { cpus: 4, memoryGiB: 16, diskGiB: 100 },
    });
    assert.deepEqual([exitCode, stdout], [70, ""]);
    for (const line of [
      /^bibind: the host runs fedora 42 \| bibind:foundation\.host\.address \| install Debian 12 or 13/m,
      /^bibind: the host has 2 processors and 4 are asked for \| bibind:foundation\.host\.minimum\.cpus \| take a larger/m,
      /^bibind: the host has 8 GiB of memory and 16 are asked for \| bibind:foundation\.host\.minimum\.memoryGiB \|/m,
      /^bibind: the host has 50 GiB of disk below \/var and 100 are asked for \| bibind:foundation\.host\.minimum\.diskGiB/m,
      /^bibind: the host's clock is not synchronised \(\S+ \S+ UTC\) \| .* \| start a time service/m,
      /bibind: check that the host is fit: it is not fit for the platform \| host 192\.0\.2\.7 \| mend every line above/,
    ]) {
      assert.match(stderr, line);
    }
  });

  it("only warns of a processor that cannot run virtual machines", async () => {
    fitHost();
    host.write("proc/cpuinfo", "processor\t: 0\nprocessor\t: 1\n");
    const { exitCode, stdout, stderr } = await create("preflight");
    assert.equal(exitCode, 0);
    assert.match(stdout, /^virtualisation=none$/m);
    assert.match(stderr, /warning: no virtualisation extension/);
  });

  it("waits for a time service that has just been started", async () => {
    fitHost();
    host.command("timedatectl", '[ -e "$ROOT/asked" ] && echo yes || { touch "$ROOT/asked"; echo no; }');
    const { exitCode, stdout } = await create("preflight");
    assert.equal(exitCode, 0);
    assert.match(stdout, /^clock=synchronised$/m);
  });

  it("takes a clock without a time service for plausible, unless it stands before the platform's code", async () => {
    fitHost();
    host.command("timedatectl", "exit 1");
    assert.match((await create("preflight")).stdout, /^clock=plausible$/m);
    host.command("date", "case $1 in +%s) echo 0 ;; *) echo 1970-01-01 00:00 ;; esac");
    assert.match((await create("preflight")).stderr, /the host's clock is not synchronised/);
  });

  it("counts the whole disk once MicroK8s fills it", async () => {
    fitHost();
    host.write("var/snap/microk8s/common/x", "");
    assert.match((await create("preflight")).stdout, /^diskGiB=100$/m);
  });
});

describe("disk-encryption.sh", () => {
  beforeEach(() => {
    host.command("findmnt", "echo '/dev/mapper/vg-root[/@]'");
    host.command("lsblk", "echo lvm; echo crypt; echo part");
  });

  it("finds LUKS below the file system's device", async () => {
    assert.equal((await create("disk-encryption")).stdout, "yes");
    assert.match(host.calls("lsblk")[0] ?? "", / \/dev\/mapper\/vg-root$/);
  });

  it("reports a disk in the clear and goes on, unless the setting refuses it", async () => {
    host.command("lsblk", "echo part");
    assert.equal((await create("disk-encryption")).stdout, "no");
    const refused = await create("disk-encryption", { hardening: { requireDiskEncryption: true } });
    assert.equal(refused.exitCode, 70);
    assert.match(
      refused.stderr,
      /the disk is not encrypted and bibind:foundation\.host\.hardening\.requireDiskEncryption asks for it \| host/,
    );
  });
});

describe("ssh-key-only.sh", () => {
  const dropIn = "etc/ssh/sshd_config.d/10-bibind.conf";

  beforeEach(() => {
    host.command("getent", "echo root:x:0:0::/root:/bin/sh");
    host.write("root/.ssh/authorized_keys", "# mine\nssh-ed25519 AAAA me\n");
    const effective = `cat "$ROOT/${dropIn}" 2>/dev/null || echo passwordauthentication yes`;
    host.command("sshd", `case $1 in -T) ${effective} ;; esac`);
    host.command("systemctl", ":");
  });

  it("closes the door to passwords and reloads the server once", async () => {
    assert.equal((await create("ssh-key-only")).exitCode, 0);
    assert.match(host.read(dropIn), /^PasswordAuthentication no$/m);
    assert.deepEqual(
      host.calls("systemctl").filter((call) => call.includes("reload")),
      ["systemctl reload ssh"],
    );
    assert.match((await create("ssh-key-only")).stderr, /already as wanted/);
  });

  it("refuses to lock everybody out", async () => {
    host.write("root/.ssh/authorized_keys", "# none\n");
    const { exitCode, stderr } = await create("ssh-key-only");
    assert.deepEqual([exitCode, host.has(dropIn)], [70, false]);
    assert.match(stderr, /root has no key in ~\/\.ssh\/authorized_keys.*hardening\.sshKeyOnly to false/);
  });

  it("changes nothing when the server does not accept the configuration", async () => {
    host.command("sshd", "case $1 in -T) echo passwordauthentication yes ;; -t) echo bad option >&2; exit 1 ;; esac");
    const { exitCode, stderr } = await create("ssh-key-only");
    assert.deepEqual([exitCode, host.has(dropIn)], [70, false]);
    assert.match(stderr, /bad option\n[^]*sshd does not accept its configuration/);
    assert.deepEqual(host.calls("systemctl"), []);
  });

  it("says so when the main file does not read the folder", async () => {
    host.command("sshd", "case $1 in -T) echo passwordauthentication yes ;; esac");
    const { exitCode, stderr } = await create("ssh-key-only");
    assert.equal(exitCode, 70);
    assert.match(stderr, /passwords are still accepted .* Include \/etc\/ssh\/sshd_config\.d/);
  });

  it("opens the door again when it is removed", async () => {
    await create("ssh-key-only");
    assert.equal((await remove("ssh-key-only")).exitCode, 0);
    assert.equal(host.has(dropIn), false);
  });
});

describe("unattended-upgrades.sh", () => {
  const config = "etc/apt/apt.conf.d/60bibind-unattended-upgrades";

  it("configures what is installed, without apt", async () => {
    assert.equal((await create("unattended-upgrades")).exitCode, 0);
    assert.match(host.read(config), /APT::Periodic::Unattended-Upgrade "1";/);
    assert.deepEqual(host.calls("apt-get"), []);
    assert.match((await create("unattended-upgrades")).stderr, /already as wanted/);
  });

  it("installs the package where it is missing, and takes it away again", async () => {
    host.command("dpkg-query", '[ -e "$ROOT/package" ] && echo "ii "');
    host.command("apt-get", 'case "$*" in *purge*) rm "$ROOT/package" ;; *install*) touch "$ROOT/package" ;; esac');
    assert.equal((await create("unattended-upgrades")).exitCode, 0);
    assert.equal((await remove("unattended-upgrades")).exitCode, 0);
    assert.deepEqual([host.has("package"), host.has(config)], [false, false]);
  });

  it("leaves a package alone that was there before", async () => {
    await create("unattended-upgrades");
    await remove("unattended-upgrades");
    assert.deepEqual(host.calls("apt-get"), []);
  });

  it("names the package that cannot be installed", async () => {
    host.command("dpkg-query", "exit 1");
    host.command("apt-get", 'case "$*" in *install*) exit 100 ;; esac');
    const { exitCode, stderr } = await create("unattended-upgrades");
    assert.equal(exitCode, 70);
    assert.match(stderr, /the package unattended-upgrades cannot be installed \| host 192\.0\.2\.7 \| give the host/);
  });
});

describe("firewall.sh", () => {
  const connection = "192.0.2.1 50000 192.0.2.7 22";

  beforeEach(() => {
    host.command(
      "nft",
      `case "$*" in
  "-c -f "*) ! grep -q broken "$3" ;;
  "-f "*) cp "$2" "$ROOT/loaded" ;;
  "-s list"*) cat "$ROOT/loaded" ;;
  "delete table inet bibind") rm "$ROOT/loaded" ;;
  "get element inet bibind open_tcp_ports "*) grep -qF "elements = $6" "$ROOT/loaded" ;;
  "get element inet bibind trusted_ipv4 "*) grep -q trusted-by-test "$ROOT/loaded" ;;
esac`,
    );
    host.command("systemctl", 'case $1 in enable) touch "$ROOT/enabled" ;; is-enabled) [ -e "$ROOT/enabled" ] ;; esac');
    host.command("ss", "echo '0 0 192.0.2.7:22 192.0.2.1:50000'");
    // The watchman's half a minute must pass, the short waits need not.
    host.command("sleep", "case $1 in 30) exec /bin/sleep 30 ;; esac");
  });

  it("loads the rules, keeps them for the next start and is then content", async () => {
    const first = await create("firewall", {}, connection);
    assert.equal(first.exitCode, 0, first.stderr);
    assert.match(host.read("loaded"), /^table inet bibind \{$/m);
    assert.equal(host.read("etc/bibind/firewall/rules.nft"), host.read("loaded"));
    assert.match(host.read("etc/systemd/system/bibind-firewall.service"), /ExecStart=\/usr\/sbin\/nft -f /);
    assert.match((await create("firewall", {}, connection)).stderr, /already as wanted/);
  });

  it("sees a rule that somebody changed by hand", async () => {
    await create("firewall", {}, connection);
    host.write("loaded", "table inet bibind { }\n");
    const again = await create("firewall", {}, connection);
    assert.doesNotMatch(again.stderr, /already as wanted/);
    assert.match(host.read("loaded"), /policy drop/);
  });

  it("loads nothing that nft does not accept", async () => {
    const broken = { firewall: { allowedTcpPorts: [22], trustedNetworks: ["broken"] } };
    const { exitCode, stderr } = await create("firewall", { hardening: broken }, connection);
    assert.deepEqual([exitCode, host.has("loaded")], [70, false]);
    assert.match(stderr, /nft does not accept the rules/);
  });

  it("takes rules back that would not let the deployer in again", async () => {
    const closed = { firewall: { allowedTcpPorts: [443], trustedNetworks: [] } };
    const { exitCode, stderr } = await create("firewall", { hardening: closed }, connection);
    assert.deepEqual([exitCode, host.has("loaded")], [70, false]);
    assert.match(stderr, /no further connection of the deployer in; the rules from before are back .*allowedTcpPorts/);
  });

  it("puts the rules from before back, not none, when there were some", async () => {
    await create("firewall", {}, connection);
    const before = host.read("loaded");
    await create("firewall", { hardening: { firewall: { allowedTcpPorts: [443], trustedNetworks: [] } } }, connection);
    assert.equal(host.read("loaded"), before);
    assert.equal(host.read("etc/bibind/firewall/rules.nft"), before);
  });

  it("takes rules back that cut its own connection", async () => {
    host.command("ss", "echo '0 512 192.0.2.7:22 192.0.2.1:50000'");
    const { exitCode, stderr } = await create("firewall", {}, connection);
    assert.deepEqual([exitCode, host.has("loaded")], [70, false]);
    assert.match(stderr, /the rules cut the deployer's connection/);
  });

  it("leaves nothing when it is removed", async () => {
    await create("firewall", {}, connection);
    assert.equal((await remove("firewall")).exitCode, 0);
    assert.deepEqual(
      [host.has("loaded"), host.has("etc/bibind/firewall"), host.has("etc/systemd/system/bibind-firewall.service")],
      [false, false, false],
    );
  });
});
