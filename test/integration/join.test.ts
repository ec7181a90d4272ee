import assert from "node:assert/strict";
import { join } from "node:path";
import { projectFolder } from "../../sandbox/builds/folders.ts";
import { startMachine, type RunningMachine } from "../../sandbox/machine/machine.ts";
import type { MachineSpec } from "../../sandbox/machine/spec.ts";
import { removeMachine, machineWithSnaps, runInMachine, succeedsInMachine } from "../support/test-machine.ts";
import { ScratchProject } from "./toolchain/project.ts";

const network = { bridge: "bibind-join0", gateway: "172.30.11.1", prefix: 24 };

/** A machine of the cluster, as an argument of the program under test. The first machine runs the control plane. */
interface Member {
  readonly machine: RunningMachine;
  readonly role?: string;
}

/** A program with these machines and a cluster on them. Each machine accepts connections of the others. */
function program(...members: readonly Member[]): string {
  const machines = members.map(({ machine: { spec, keys }, role = "control-plane" }) => ({
    name: spec.name,
    address: spec.address,
    hostKey: keys.hostPublicKey,
    keyFile: keys.adminKeyFile,
    role,
  }));
  const component = (file: string): string => JSON.stringify(join(projectFolder, "components", file));
  return `
import { readFileSync } from "node:fs";
import { secret } from "@pulumi/pulumi";
import { MicroK8s } from ${component("cluster/microk8s.ts")};
import { OvhHost } from ${component("host/ovh-host.ts")};

const minimum = { cpus: 1, memoryGiB: 1, diskGiB: 1 };
const firewall = { allowedTcpPorts: [22], trustedNetworks: ["172.30.11.0/24"] };
const hardening = { sshKeyOnly: true, unattendedUpgrades: false, firewall, requireDiskEncryption: false };
const [host, ...nodes] = ${JSON.stringify(machines)}.map(({ name, address, hostKey, keyFile, role }) => ({
  name,
  role,
  host: new OvhHost(name, {
    address,
    port: 22,
    user: "debian",
    hostKey,
    privateKey: secret(readFileSync(keyFile, "utf8")),
    minimum,
    hardening,
  }),
}));
new MicroK8s("cluster", { host: host.host, channel: "1.34/stable", addons: ["rbac"], nodes });
`;
}

describe("a machine that joins the cluster", function () {
  this.timeout(600_000);
  let specs: readonly [MachineSpec, MachineSpec];
  let first: RunningMachine;
  let second: RunningMachine;
  let project: ScratchProject;

  const removeMachines = async (): Promise<void> => {
    for (const spec of specs) {
      await removeMachine(spec);
    }
  };

  /** The nodes that the first machine lists, each as NAME READY ROLE. */
  const nodes = async (): Promise<string[]> => {
    const role = "{.metadata.labels.node\\.kubernetes\\.io/microk8s-worker}";
    const ready = `{.status.conditions[?(@.type=="Ready")].status}`;
    const row = `{range .items[*]}{.metadata.name} ${ready} ${role}{"\\n"}{end}`;
    const output = await succeedsInMachine(first, `microk8s kubectl get nodes -o jsonpath="$(cat)"`, row);
    return output
      .trim()
      .split("\n")
      .map((line) => line.trim());
  };

  before(async () => {
    specs = [
      await machineWithSnaps("bibind-join1", network, "172.30.11.2"),
      await machineWithSnaps("bibind-join2", network, "172.30.11.3"),
    ];
    await removeMachines();
    project = await ScratchProject.create();
    // The machines share a bridge and /etc/hosts. Starting both at the same time tests that they do not conflict.
    [first, second] = await Promise.all([startMachine(specs[0]), startMachine(specs[1])]);
  });

  it("is refused until the first machine finds it under its name", async () => {
    await project.program(program({ machine: first }, { machine: second, role: "worker" }));
    const { exitCode, output } = await project.run("up", "--yes", "--skip-preview");
    assert.notEqual(exitCode, 0);
    assert.match(output, /does not find the machine bibind-join2 .*: 172\.30\.11\.3 bibind-join2/);
    await succeedsInMachine(first, "cat >>/etc/hosts", "172.30.11.3 bibind-join2\n");
  });

  after(async () => {
    await removeMachines();
    await project.remove();
  });

  it("fails with one message when MicroK8s does not support its role, and keeps nothing of MicroK8s", async () => {
    await project.program(program({ machine: first }, { machine: second, role: "control-plane" }));
    const { exitCode, output } = await project.run("up", "--yes", "--skip-preview");
    assert.notEqual(exitCode, 0);
    assert.match(output, /this machine can join as a worker only/);
    assert.match(output, /join the MicroK8s cluster: snap cannot install microk8s .*\| host 172\.30\.11\.3 \|/);
    assert.equal((await runInMachine(second, "snap list microk8s")).exitCode, 1);
    assert.equal((await runInMachine(second, "ls /var/snap/microk8s/common/.microk8s.yaml")).exitCode, 2);
  });

  it("becomes a worker that is Ready, and does not change in a second up", async () => {
    await project.program(program({ machine: first }, { machine: second, role: "worker" }));
    await project.changes("up");
    assert.deepEqual(await nodes(), ["bibind-join1 True", "bibind-join2 True microk8s-worker"]);
    const { create, update, replace, delete: deleted } = await project.changes("up");
    assert.deepEqual({ create, update, replace, deleted }, { create: 0, update: 0, replace: 0, deleted: 0 });
  });

  it("does not leave when the program no longer declares it, because its volumes are protected", async () => {
    await project.program(program({ machine: first }));
    const { exitCode, output } = await project.run("up", "--yes");
    assert.notEqual(exitCode, 0);
    assert.match(output, /cluster-bibind-join2-join-command" cannot be deleted\s+because it is protected/);
    assert.deepEqual(await nodes(), ["bibind-join1 True", "bibind-join2 True microk8s-worker"]);
  });

  it("leaves when the operator ignores the protection, and only its MicroK8s is removed", async () => {
    await project.program(program({ machine: first }));
    await project.changes("up", "--ignore-protect");
    assert.deepEqual(await nodes(), ["bibind-join1 True"]);
    assert.equal((await runInMachine(second, "snap list microk8s")).exitCode, 1);
    assert.equal((await runInMachine(second, "pgrep -l kubelet")).stdout, "");
  });

  it("can join again", async () => {
    await project.program(program({ machine: first }, { machine: second, role: "worker" }));
    await project.changes("up");
    assert.deepEqual(await nodes(), ["bibind-join1 True", "bibind-join2 True microk8s-worker"]);
  });
});
