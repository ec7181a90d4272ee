import assert from "node:assert/strict";
import { faultsIn, verdict, type Found } from "../../../../sandbox/commands/verdict.ts";

const well = {
  machine: { name: "bibind-host", address: "172.30.0.2", state: "running", processes: 90 },
  inside: {
    units: "ssh.service loaded active running OpenBSD Secure Shell server\nsnap.once.service loaded inactive dead x\n",
    nodes: "bibind-host   Ready   <none>   5m   v1.34.4\n",
    pods: "iam   vault-0   1/1   Running   0   8m\n",
    finished: "iam   vault-init-x   0/1   Completed   0   8m\n",
  },
  applications: [["iam/vault", "https://vault.bibind.test", "people with a role", "healthy"]],
  state: JSON.stringify({ checkpoint: { latest: { resources: [{}] } } }),
} as const satisfies Found;

describe("the verdict of `make status`", () => {
  it("is well when everything runs; a finished task and an inactive service are well too", () => {
    assert.deepEqual(faultsIn(well), []);
    assert.equal(verdict([]), "well: everything runs\n");
  });

  it("names everything that is not well", () => {
    const pending = { checkpoint: { latest: { resources: [{}], pending_operations: [{}] } } };
    const found: Found = {
      ...well,
      inside: {
        units: "snap.etcd.service loaded failed failed etcd\n",
        nodes: "bibind-host   NotReady   <none>   5m   v1.34.4\n",
        pods: "iam   kratos-0   0/1   CrashLoopBackOff   3 (40s ago)   8m\n",
        finished: "",
      },
      applications: [["iam/vault", "https://vault.bibind.test", "people", "unhealthy: it answers 503"]],
      state: JSON.stringify(pending),
    };
    assert.equal(
      verdict(faultsIn(found)),
      [
        "not well:",
        "  the service snap.etcd failed",
        "  the node bibind-host is NotReady",
        "  not ready: iam/kratos-0 (CrashLoopBackOff)",
        "  iam/vault: unhealthy: it answers 503",
        "  a run left 1 unfinished operation: make up",
        "",
      ].join("\n"),
    );
  });

  it("names a cluster that does not answer, and a platform that is not deployed", () => {
    const found: Found = { ...well, inside: { ...well.inside, pods: undefined }, applications: [], state: "" };
    assert.deepEqual(faultsIn(found), ["the cluster does not answer", "the platform is not deployed: make up"]);
  });

  it("names only the machine when it does not run, because nothing else can be well", () => {
    const machine = { ...well.machine, state: "stopped", processes: 0 } as const;
    assert.deepEqual(faultsIn({ ...well, machine, inside: undefined, state: "" }), ["the machine is stopped: make up"]);
  });

  it("does not need a machine on an existing cluster", () => {
    assert.deepEqual(faultsIn({ ...well, machine: undefined, inside: undefined }), []);
  });
});
