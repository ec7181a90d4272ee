import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ExistingCluster } from "../../../../components/cluster/existing.ts";
import { record } from "../../../support/mocks.ts";
import { settled } from "../../../support/outputs.ts";

describe("ExistingCluster", () => {
  it("gives the kubeconfig as a secret, and creates nothing", async () => {
    const recording = await record(() => new ExistingCluster("cluster", { kubeconfig: "kind: Config" }));
    assert.deepEqual(
      recording.resources.map(({ type, inputs }) => [type, inputs]),
      [["bibind:cluster:ExistingCluster", {}]],
    );
    assert.equal(await settled(recording.result.kubeconfig), "kind: Config");
    assert.equal(await pulumi.isSecret(recording.result.kubeconfig), true);
  });
});
