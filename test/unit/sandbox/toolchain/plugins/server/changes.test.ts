import assert from "node:assert/strict";
import { unknown } from "../../../../../../sandbox/toolchain/plugins/server/values.ts";
import { changesBetween } from "../../../../../../sandbox/toolchain/plugins/server/changes.ts";
import type { JsonObject } from "../../../../../../sandbox/toolchain/plugins/kubernetes/manifest/json.ts";

describe("the comparison of two versions of an object", () => {
  it("finds no change between equal objects, in any order of their members", () => {
    assert.deepEqual(changesBetween({ a: 1, b: { c: [1] } }, { b: { c: [1] }, a: 1 }), []);
  });

  it("reports each changed path once, as deep as possible", () => {
    const before = { spec: { replicas: 1, list: [{ name: "a", image: "1" }], gone: true } };
    const after: JsonObject = { spec: { replicas: 2, list: [{ name: "a", image: "2" }, { name: "b" }] } };
    assert.deepEqual(changesBetween(before, after), [
      { path: ["spec", "replicas"], kind: "update" },
      { path: ["spec", "list", 0, "image"], kind: "update" },
      { path: ["spec", "list", 1], kind: "add" },
      { path: ["spec", "gone"], kind: "delete" },
    ]);
  });

  it("treats an unknown value as a change", () => {
    assert.deepEqual(changesBetween({ a: "x" }, { a: unknown }), [{ path: ["a"], kind: "update" }]);
  });
});
