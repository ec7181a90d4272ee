import assert from "node:assert/strict";
import { unknown } from "../../../../../../../sandbox/toolchain/plugins/server/values.ts";
import { bodyOf } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/objects/body.ts";
import {
  managerOf,
  outputsOf,
  plannedOutputs,
} from "../../../../../../../sandbox/toolchain/plugins/kubernetes/objects/outputs.ts";
import { at } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/manifest/json.ts";

describe("outputs of an object", () => {
  it("are the live object without its managed fields", () => {
    const live = { kind: "ConfigMap", metadata: { name: "a", managedFields: [{}] }, data: { a: "1" } };
    assert.deepEqual(outputsOf(live, {}, "m"), {
      kind: "ConfigMap",
      metadata: { name: "a" },
      data: { a: "1" },
      __fieldManager: "m",
    });
  });

  it("keep the field manager when the resource's URN changes", () => {
    assert.equal(managerOf("urn:new", { __fieldManager: "old" }), "old");
  });

  it("are unknown in a preview for fields that the server sets on creation", () => {
    const inputs = { kind: "Service", metadata: { name: "a" }, spec: { ports: [] } };
    const dryRun = {
      ...inputs,
      metadata: { name: "a", uid: "of the dry run" },
      spec: { ports: [], clusterIP: "10.0.0.7" },
    };
    const outputs = plannedOutputs(inputs, dryRun, "m");
    assert.deepEqual(outputs.spec, { ports: [], clusterIP: unknown });
    assert.equal(outputs.status, unknown);
    assert.equal(at(outputs, "metadata", "uid"), unknown);
    assert.doesNotMatch(JSON.stringify(outputs), /of the dry run/);
  });

  it("contain a Secret's data in the notation of the program", () => {
    const inputs = { kind: "Secret", stringData: { a: "x" } };
    assert.deepEqual(bodyOf(inputs), { kind: "Secret", data: { a: "eA==" } });
    assert.deepEqual(outputsOf({ ...bodyOf(inputs), metadata: {} }, inputs, "m").stringData, { a: "x" });
  });
});
