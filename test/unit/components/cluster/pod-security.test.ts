import assert from "node:assert/strict";
import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { podSecurity } from "../../../../components/cluster/pod-security.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { apiServerFlags, ClusterMachine } from "../../../support/cluster-machine.ts";

const flag = "--admission-control-config-file=${SNAP_DATA}/args/admission-control-config-file.yaml";
const file = "var/snap/microk8s/current/args/admission-control-config-file.yaml";
const volumes = "var/snap/microk8s/common/default-storage";

describe("the default of Pod Security", () => {
  it("refuses pods with the network, folders or devices of the node, except in the exempt namespaces", () => {
    const configuration = valueAt(JSON.parse(podSecurity(["ingress"])), ["plugins", 0, "configuration"]);
    assert.equal(valueAt(configuration, ["defaults", "enforce"]), "baseline");
    assert.deepEqual(valueAt(configuration, ["exemptions", "namespaces"]), ["kube-system", "ingress"]);
  });
});

describe("pod-security.sh", () => {
  let machine: ClusterMachine;

  beforeEach(async () => {
    machine = new ClusterMachine();
    machine.write(apiServerFlags, "--secure-port=16443\n");
    await machine.create("install");
  });
  afterEach(() => machine.remove());

  const restarts = (): number => machine.calls("snap").filter((call) => call.startsWith("snap restart")).length;

  it("gives the API server its configuration, and restarts it once", async () => {
    const { exitCode, stderr } = await machine.create("pod-security");
    assert.equal(exitCode, 0, stderr);
    assert.equal(machine.read(apiServerFlags), `--secure-port=16443\n${flag}\n`);
    assert.deepEqual(JSON.parse(machine.read(file)), JSON.parse(podSecurity([])));
    assert.match((await machine.create("pod-security")).stderr, /nothing to do/);
    assert.deepEqual(
      machine.calls("snap").filter((call) => call.startsWith("snap restart")),
      ["snap restart microk8s.daemon-kubelite"],
    );
  });

  it("restarts it again if it was killed before the restart", async () => {
    await machine.create("pod-security");
    rmSync(join(machine.root, "var/snap/microk8s/common/bibind/pod-security"));
    await machine.create("pod-security");
    assert.equal(restarts(), 2);
    assert.equal(machine.read(apiServerFlags), `--secure-port=16443\n${flag}\n`);
  });

  it("takes the configuration back if the API server does not start with it", async () => {
    machine.write(apiServerFlags, "broken\n");
    const { exitCode, stderr } = await machine.create("pod-security");
    assert.equal(exitCode, 70);
    assert.match(stderr, /does not start with Pod Security \| host 192\.0\.2\.1 \| run on the host: microk8s inspect/);
    assert.equal(machine.read(apiServerFlags), "broken\n");
  });

  it("does not replace the configuration of somebody else", async () => {
    const foreign = "--admission-control-config-file=/etc/admission.yaml\n";
    machine.write(apiServerFlags, foreign);
    const { exitCode, stderr } = await machine.create("pod-security");
    assert.equal(exitCode, 70);
    assert.match(stderr, /an admission configuration that is not the platform's/);
    assert.equal(machine.read(apiServerFlags), foreign);
  });

  it("is removed with its flag, and not again when MicroK8s is gone", async () => {
    await machine.create("pod-security");
    assert.equal((await machine.delete("pod-security")).exitCode, 0);
    assert.equal(machine.read(apiServerFlags), "--secure-port=16443\n");
    assert.equal(machine.has(file), false);
    rmSync(join(machine.root, apiServerFlags));
    assert.equal((await machine.delete("pod-security")).exitCode, 0);
    assert.equal(restarts(), 2);
  });
});

describe("volumes.sh", () => {
  let machine: ClusterMachine;

  beforeEach(() => (machine = new ClusterMachine()));
  afterEach(() => machine.remove());

  const mode = (): number => statSync(join(machine.root, volumes)).mode & 0o777;

  it("lets nobody but root into the folder of the volumes, also if the storage addon made it", async () => {
    machine.write(`${volumes}/claim/data`, "");
    assert.notEqual(mode(), 0o700);
    assert.equal((await machine.create("volumes")).exitCode, 0);
    assert.equal(mode(), 0o700);
    assert.match((await machine.create("volumes")).stderr, /nothing to do/);
  });
});
