import assert from "node:assert/strict";
import { isWithin, parsePath, pathText } from "../../../../../../sandbox/toolchain/plugins/server/paths.ts";

describe("kubernetes property paths", () => {
  it("writes a path as the engine reads it", () => {
    assert.equal(pathText(["spec", "containers", 0, "image"]), "spec.containers[0].image");
    assert.equal(
      pathText(["metadata", "labels", "app.kubernetes.io/name"]),
      'metadata.labels["app.kubernetes.io/name"]',
    );
  });

  it("reads what it writes", () => {
    for (const path of [
      ["spec", "ports", 1, "port"],
      ["data", "a.b/c"],
    ]) {
      assert.deepEqual(parsePath(pathText(path)), path);
    }
  });

  it("reads the paths of conflicts", () => {
    assert.deepEqual(parsePath('.spec.containers[name="web"].image'), ["spec", "containers", 'name="web"', "image"]);
  });

  it("determines whether a path is below another", () => {
    assert.equal(isWithin(["spec", "selector", "app"], ["spec", "selector"]), true);
    assert.equal(isWithin(["spec"], ["spec", "selector"]), false);
  });
});
