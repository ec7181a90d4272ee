import assert from "node:assert/strict";
import { nodeRows, podRows, serviceRows, stackRow } from "../../../../sandbox/commands/status.ts";
import { table } from "../../../../sandbox/commands/table.ts";

describe("sandbox status", () => {
  it("shows each service with its state", () => {
    const units =
      "ssh.service loaded active running OpenBSD Secure Shell server\nsnap.etcd.service loaded failed failed etcd\n";
    assert.deepEqual(serviceRows(units), [
      ["service", "ssh", "active (running)"],
      ["service", "snap.etcd", "failed (failed)"],
    ]);
  });

  it("shows the node, and no row without an answer", () => {
    assert.deepEqual(nodeRows("bibind-host   Ready   <none>   5m   v1.34.4\n"), [
      ["node", "bibind-host", "Ready, v1.34.4, 5m old"],
    ]);
    assert.deepEqual(nodeRows(""), []);
  });

  it("shows how many pods are ready, each pod that is not ready, and each that has finished its task", () => {
    const pods = "iam   vault-0   1/1   Running   0   8m\niam   kratos-0   0/1   CrashLoopBackOff   3 (40s ago)   8m\n";
    assert.deepEqual(podRows({ pods, finished: "iam   vault-init-x   0/1   Completed   0   8m\n" }), [
      ["pods", "", "1 of 2 are ready"],
      ["pod", "iam/kratos-0 (CrashLoopBackOff)", "not ready"],
      ["pod", "iam/vault-init-x", "finished, as a task should"],
    ]);
    assert.deepEqual(podRows({ pods: "iam   vault-0   1/1   Running   0   8m\n", finished: "" }), [
      ["pods", "", "1 of 1 is ready"],
    ]);
    assert.deepEqual(podRows({ pods: undefined, finished: "" }), []);
  });

  it("shows the number of resources in the stack, and of unfinished operations", () => {
    const latest = { manifest: { time: "2026-11-23T20:00:00.123Z" }, resources: [{}, {}], pending_operations: [{}] };
    const [, , state] = stackRow(JSON.stringify({ version: 3, checkpoint: { latest } }));
    assert.equal(state, "2 resources, last changed 2026-11-23T20:00:00, 1 unfinished: run make up again");
    assert.equal(
      stackRow(JSON.stringify({ checkpoint: { latest: { resources: [{}] } } }))[2],
      "1 resource, last changed never",
    );
    assert.equal(stackRow("")[2], "does not exist");
  });

  it("aligns its columns", () => {
    assert.equal(table(["a", "bb"], [["long", "x"]]), "a      bb\n────   ──\nlong   x\n");
  });
});
