import assert from "node:assert/strict";
import { administratorKubeconfig } from "../../../../sandbox/commands/kubeconfig.ts";

describe("sandbox kubeconfig", () => {
  it("gives the administrator's kubeconfig as a file with a last line end", () => {
    assert.equal(administratorKubeconfig("clusters: []\nusers: []"), "clusters: []\nusers: []\n");
    assert.equal(administratorKubeconfig("clusters: []\n"), "clusters: []\n");
  });

  it("says what to do when the machine has no cluster", () => {
    assert.throws(() => administratorKubeconfig(undefined), /has no cluster yet[^]*make up/);
  });
});
