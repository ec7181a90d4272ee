import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { Resolver } from "node:dns/promises";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { cacheFolder } from "../../sandbox/builds/folders.ts";
import { until } from "../../sandbox/builds/until.ts";
import { processesOf, readHierarchies } from "../../sandbox/machine/cgroups.ts";
import { machineKeys } from "../../sandbox/machine/keys.ts";
import { machineStatus, startMachine, stopMachine, type RunningMachine } from "../../sandbox/machine/machine.ts";
import { readLinks, readRoutes } from "../../sandbox/machine/network.ts";
import { rootFolder } from "../../sandbox/machine/root.ts";
import { machineTree } from "../../sandbox/machine/tree.ts";
import { mailTo } from "./identity/mail.ts";
import { testCharts, testMachine } from "./machine-spec.ts";

const { name, address, network } = testMachine;

/** Waits for a condition. Checks it very often, because some conditions are true only for a moment. */
async function waitFor(what: string, isTrue: () => boolean | Promise<boolean>, seconds = 60): Promise<void> {
  const reached = await until(async () => isTrue(), { seconds, pause: 2 });
  assert.ok(reached, `timed out after ${seconds} s waiting until ${what}`);
}

async function runInside(machine: RunningMachine, ...command: readonly string[]): Promise<string> {
  return (await execa("ssh", [...machine.ssh, ...command], { stdin: "ignore" })).stdout;
}

/** What belongs to the machine on this host, without its folder in the cache: links, routes, hosts entries, mounts, … */
async function objectsOutside(): Promise<string[]> {
  const found: string[] = [];
  const links = await readLinks();
  found.push(...links.filter((link) => [name, network.bridge].includes(link.ifname)).map((link) => link.ifname));
  const routes = await readRoutes();
  found.push(...routes.filter((route) => route.gateway === address).map((route) => `route ${route.dst}`));
  for (const file of ["/etc/hosts", "/proc/self/mountinfo"]) {
    const lines = (await readFile(file, "utf8")).split("\n");
    found.push(...lines.filter((line) => line.includes(name)).map((line) => `${file}: ${line}`));
  }
  for (const { folder } of await readHierarchies()) {
    found.push(...(existsSync(join(folder, name)) ? [join(folder, name)] : []));
  }
  for (const pid of (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry))) {
    const mounts = await readFile(`/proc/${pid}/mountinfo`, "utf8").catch(() => "");
    found.push(...(mounts.includes(`machines/${name}/root`) ? [`process ${pid}`] : []));
  }
  return found;
}

/** The hosts file without the entries of machines. Other machines may start and stop during this test. */
async function hostsWithoutMachines(): Promise<string> {
  const text = await readFile("/etc/hosts", "utf8");
  return text.replaceAll(/# begin bibind sandbox: [^]*?# end bibind sandbox: .*\n/g, "");
}

async function countInHosts(word: string): Promise<number> {
  return (await readFile("/etc/hosts", "utf8")).split(word).length - 1;
}

/** Checks that the machine works, and that nothing of it exists twice. */
async function assertOneMachine(machine: RunningMachine): Promise<void> {
  const status = await machineStatus(testMachine);
  assert.equal(status.state, "running");
  assert.equal(await runInside(machine, "systemctl", "is-system-running", "--wait"), "running");
  assert.equal(await countInHosts("machine.bibind.example"), 1);
  const ports = (await readLinks()).filter((link) => link.master === network.bridge);
  assert.deepEqual(
    ports.map((link) => link.ifname),
    [name],
  );
  const launchers = await execa("pgrep", ["--full", "--count", `enter.sh .*/${name}/root`]);
  assert.equal(launchers.stdout, "1");
}

describe("a machine of the sandbox", function () {
  this.timeout(300_000);
  let machine: RunningMachine;
  let hosts: string;

  const removeMachine = async (): Promise<void> => {
    await stopMachine(testMachine);
    await rm(cacheFolder("machines", name), { recursive: true, force: true });
    await rm(testCharts, { recursive: true, force: true });
  };

  before(async () => {
    await removeMachine();
    hosts = await hostsWithoutMachines();
    await mkdir(testCharts, { recursive: true });
    await writeFile(join(testCharts, "index.yaml"), "a chart repository\n");
    await machineTree();
    machine = await startMachine(testMachine);
  });

  after(removeMachine);

  it("accepts the user debian with our key, and lets this user become root without a password", async () => {
    assert.equal(await runInside(machine, "sudo", "id", "--user"), "0");
    assert.equal(await runInside(machine, "hostname"), name);
  });

  it("refuses another key", async () => {
    const other = cacheFolder("machines", name, "other");
    await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", other]);
    const args = machine.ssh.map((arg) => (arg.startsWith("IdentityFile=") ? `IdentityFile=${other}` : arg));
    const result = await execa("ssh", [...args, "true"], { reject: false, stdin: "ignore" });
    assert.equal(result.exitCode, 255);
    assert.match(result.stderr, /Permission denied \(publickey\)/);
  });

  it("is not trusted by a client that expects another host key", async () => {
    const wrong = cacheFolder("machines", name, "wrong_known_hosts");
    const { adminPublicKey } = await machineKeys(name);
    await writeFile(wrong, `${address} ${adminPublicKey}\n`);
    const file = "UserKnownHostsFile=";
    const args = machine.ssh.map((arg) => (arg.startsWith(file) ? `${file}${wrong}` : arg));
    const result = await execa("ssh", [...args, "true"], { reject: false, stdin: "ignore" });
    assert.equal(result.exitCode, 255);
    assert.match(result.stderr, /Host key verification failed/);
  });

  it("runs the services of a Debian server, and none of its services failed", async () => {
    assert.equal(await runInside(machine, "systemctl", "is-system-running", "--wait"), "running");
    const enabled = await runInside(machine, "systemctl", "is-enabled", "ssh", "apt-daily-upgrade.timer");
    assert.deepEqual(enabled.split("\n"), ["enabled", "enabled"]);
    await runInside(machine, "sudo", "systemctl", "enable", "--now", "nftables");
    assert.equal(await runInside(machine, "systemctl", "is-active", "nftables"), "active");
  });

  it("restarts a service that was killed", async () => {
    const pid = await runInside(machine, "systemctl", "show", "--property=MainPID", "--value", "chart-mirror");
    await runInside(machine, "sudo", "kill", "-KILL", pid);
    await waitFor("chart-mirror runs again", async () => {
      const now = await runInside(machine, "systemctl", "show", "--property=MainPID", "--value", "chart-mirror");
      return now !== "0" && now !== pid;
    });
  });

  it("answers at its host names, and serves the charts of the shared folder read-only", async () => {
    await waitFor("the chart mirror answers", async () => {
      const answer = await fetch("http://machine.bibind.example:8879/index.yaml").catch(() => undefined);
      return (await answer?.text()) === "a chart repository\n";
    });
    const writing = await execa("ssh", [...machine.ssh, "sudo", "touch", "/var/lib/bibind-charts/x"], {
      reject: false,
    });
    assert.match(writing.stderr, /Read-only file system/);
  });

  it("resolves its host names for others, and reports that other names do not exist", async () => {
    const resolver = new Resolver({ timeout: 1000, tries: 3 });
    resolver.setServers([address]);
    await waitFor("the name server answers", async () => {
      const addresses = await resolver.resolve4("machine.bibind.example").catch(() => []);
      return addresses.join() === address;
    });
    await assert.rejects(resolver.resolve4("nobody.bibind.example"), { code: "ENOTFOUND" });
    assert.match(await runInside(machine, "getent", "ahostsv4", "machine.bibind.example"), new RegExp(`^${address} `));
  });

  it("catches mail", async () => {
    const letter = [
      "--mail-from",
      "platform@bibind.example",
      "--mail-rcpt",
      "ada@bibind.example",
      "--upload-file",
      "-",
    ];
    const text = "From: platform@bibind.example\r\nTo: ada@bibind.example\r\nSubject: Bonjour\r\n\r\n123456\r\n";
    await waitFor("the mail server accepts the mail", async () => {
      const { exitCode } = await execa("curl", ["--silent", `smtp://${address}:1025`, ...letter], {
        input: text,
        reject: false,
      });
      return exitCode === 0;
    });
    const [caught] = await mailTo(`http://${address}:8025`, "ada@bibind.example");
    assert.equal(caught?.subject, "Bonjour");
    assert.match(caught.text, /123456/);
  });

  it("runs a container with its own memory limit, in control groups below those of the machine", async () => {
    const script = `set -e
      rootfs=$(mktemp --directory --tmpdir=/var/tmp)
      cd $rootfs
      mkdir proc
      cp --parents --dereference /usr/bin/cat /lib64/ld-linux-x86-64.so.2 /usr/lib/x86_64-linux-gnu/libc.so.6 .
      ln -s usr/lib lib
      systemctl start containerd
      ctr run --rm --memory-limit 50000000 --rootfs $rootfs one /usr/bin/cat /proc/self/cgroup
      systemctl stop containerd
      cd /
      rm -r $rootfs`;
    const { stdout } = await execa("ssh", [...machine.ssh, "sudo", "sh"], { input: script });
    assert.match(stdout, /^\d+:memory:\/default\/one$|^0::\/default\/one$/m);
  });

  it("cannot change the kernel settings of the host", async () => {
    const before = await readFile("/proc/sys/kernel/panic", "utf8");
    await runInside(machine, "echo 7 | sudo tee /proc/sys/kernel/panic");
    assert.equal(await readFile("/proc/sys/kernel/panic", "utf8"), before);
    const result = await execa("ssh", [...machine.ssh, "sudo sysctl -w kernel.sysrq=0"], { reject: false });
    assert.notEqual(result.exitCode, 0);
  });

  it("is not restarted by a second start", async () => {
    const { pid } = await machineStatus(testMachine);
    await startMachine(testMachine);
    assert.equal((await machineStatus(testMachine)).pid, pid);
  });

  it("keeps its files through a restart, and stops within 20 seconds", async () => {
    await runInside(machine, "echo kept > ~/file; sync");
    const begin = performance.now();
    await stopMachine(testMachine);
    assert.ok(performance.now() - begin < 20_000);
    machine = await startMachine(testMachine);
    assert.equal(await runInside(machine, "cat", "file"), "kept");
    assert.equal(
      await runInside(machine, "cat", "/opt/given/spec.ts"),
      await readFile(join(import.meta.dirname, "machine-spec.ts"), "utf8").then((text) => text.trimEnd()),
    );
  });

  it("ends all its processes when its launcher is killed, and can start again", async () => {
    const { pid } = await machineStatus(testMachine);
    assert.ok(pid !== undefined);
    const { stdout: parent } = await execa("ps", ["-o", "ppid=", "-p", String(pid)]);
    process.kill(Number(parent), "SIGKILL");
    await waitFor(
      "all processes of the machine have ended",
      async () => (await processesOf(await readHierarchies(), name)).length === 0,
    );
    machine = await startMachine(testMachine);
    await assertOneMachine(machine);
  });

  it("leaves no process, mount, interface, route, hosts entry or control group when it is stopped", async () => {
    assert.notDeepEqual(await objectsOutside(), [], "objectsOutside() finds a running machine");
    await stopMachine(testMachine);
    assert.deepEqual(await objectsOutside(), []);
    assert.equal(await hostsWithoutMachines(), hosts);
    await stopMachine(testMachine);
  });

  const points: Readonly<Record<string, () => boolean>> = {
    "while its files are copied": () => existsSync(`${rootFolder(name)}.unfinished`),
    "while its control groups are created": () =>
      existsSync(`/sys/fs/cgroup/pids/${name}`) || existsSync(`/sys/fs/cgroup/${name}`),
    "while its bridge is created": () => existsSync(`/sys/class/net/${network.bridge}`),
    "while it is connected to the bridge": () => existsSync(`/sys/class/net/${name}`),
  };
  for (const [point, isReached] of Object.entries(points)) {
    it(`starts completely after a start that was killed ${point}`, async () => {
      await stopMachine(testMachine);
      if (point.includes("copied")) {
        await rm(rootFolder(name), { recursive: true });
      }
      const starting = execa("node_modules/.bin/node", [join(import.meta.dirname, "machine-process.ts")], {
        preferLocal: true,
        reject: false,
        stdio: "ignore",
      });
      await waitFor(`the start is killed ${point}`, isReached);
      starting.kill("SIGKILL");
      assert.equal((await starting).signal, "SIGKILL");
      machine = await startMachine(testMachine);
      await assertOneMachine(machine);
    });
  }
});
