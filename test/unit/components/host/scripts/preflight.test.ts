import assert from "node:assert/strict";
import { HostStep } from "../../../../support/host-step.ts";

const mebibyte = 1024;

describe("preflight.sh", () => {
  let step: HostStep;
  beforeEach(() => {
    step = new HostStep("preflight");
  });
  afterEach(() => step.host.remove());

  function suitableHost(): void {
    step.host.write("etc/os-release", 'PRETTY_NAME="Debian"\nID=debian\nVERSION_ID="13"\nVERSION_CODENAME=trixie\n');
    step.host.write(
      "proc/cpuinfo",
      "processor\t: 0\nflags\t\t: fpu vmx\nvmx flags\t: x\nprocessor\t: 1\nflags\t\t: fpu vmx\n",
    );
    step.host.write("proc/meminfo", `MemTotal:       ${7.8 * 1024 * mebibyte} kB\nMemFree: 1 kB\n`);
    step.host.command(
      "df",
      `echo "Filesystem 1024-blocks Used Available"; echo "/dev/sda 104857600 1 ${50 * 1024 * mebibyte}"`,
    );
    step.host.command("timedatectl", "echo yes");
    step.host.command("sleep", ":");
  }

  it("reports the facts of a suitable host", async () => {
    suitableHost();
    const { exitCode, report, stderr } = await step.create();
    assert.equal(exitCode, 0, stderr);
    assert.equal(report, "os=debian 13\ncpus=2\nmemoryGiB=8\ndiskGiB=50\nvirtualisation=vmx\nclock=synchronised");
    assert.doesNotMatch(stderr, /warning/);
  });

  for (const [id, version] of [
    ["debian", "12"],
    ["ubuntu", "22.04"],
    ["ubuntu", "24.04"],
  ] as const) {
    it(`accepts ${id} ${version}`, async () => {
      suitableHost();
      step.host.write("etc/os-release", `ID=${id}\nVERSION_ID="${version}"\n`);
      assert.equal((await step.create()).exitCode, 0);
    });
  }

  it("reports all shortages at once, each with its setting and a remedy", async () => {
    suitableHost();
    step.host.write("etc/os-release", "ID=fedora\nVERSION_ID=42\n");
    step.host.command("timedatectl", "echo no");
    const { exitCode, stdout, stderr } = await step.create({
      minimum: { cpus: 4, memoryGiB: 16, diskGiB: 100 },
    });
    assert.deepEqual([exitCode, stdout], [70, ""]);
    for (const line of [
      /^bibind: the host runs fedora 42 \| bibind:foundation\.host\.address \| install Debian 12 or 13/m,
      /^bibind: the host has 2 processors, and the minimum is 4 \| bibind:foundation\.host\.minimum\.cpus \| use a larger/m,
      /^bibind: the host has 8 GiB of memory, and the minimum is 16 \| bibind:foundation\.host\.minimum\.memoryGiB \|/m,
      /^bibind: the host has 50 GiB of disk below \/var, and the minimum is 100 \| bibind:foundation\.host\.minimum\.diskGiB/m,
      /^bibind: the host's clock is not synchronised \(\S+ \S+ UTC\) \| .* \| start a time service/m,
      /bibind: check the host: the host does not meet the requirements \| host 192\.0\.2\.7 \| correct each line above/,
    ]) {
      assert.match(stderr, line);
    }
  });

  it("only warns about a processor that cannot run virtual machines", async () => {
    suitableHost();
    step.host.write("proc/cpuinfo", "processor\t: 0\nprocessor\t: 1\n");
    const { exitCode, stdout, stderr } = await step.create();
    assert.equal(exitCode, 0);
    assert.match(stdout, /^virtualisation=none$/m);
    assert.match(stderr, /warning: the processor has no virtualisation extension/);
  });

  it("waits for a time service that has just started", async () => {
    suitableHost();
    step.host.command("timedatectl", '[ -e "$ROOT/asked" ] && echo yes || { touch "$ROOT/asked"; echo no; }');
    const { exitCode, stdout } = await step.create();
    assert.equal(exitCode, 0);
    assert.match(stdout, /^clock=synchronised$/m);
  });

  it("accepts a clock without a time service, unless it is earlier than the platform's code", async () => {
    suitableHost();
    step.host.command("timedatectl", "exit 1");
    assert.match((await step.create()).report ?? "", /^clock=plausible$/m);
    step.host.command("date", "case $1 in +%s) echo 0 ;; *) echo 1970-01-01 00:00 ;; esac");
    assert.match((await step.create()).stderr, /the host's clock is not synchronised/);
  });

  it("counts the whole file system after MicroK8s is installed", async () => {
    suitableHost();
    step.host.write("var/snap/microk8s/common/x", "");
    assert.match((await step.create()).report ?? "", /^diskGiB=100$/m);
  });
});
