import assert from "node:assert/strict";
import { isWithin, parsePath, pathText } from "../../../../../../sandbox/toolchain/plugins/server/paths.ts";

describe("property paths", () => {
  it("are written in the engine's notation", () => {
    assert.equal(pathText(["spec", "containers", 0, "image"]), "spec.containers[0].image");
    assert.equal(
      pathText(["metadata", "labels", "app.kubernetes.io/name"]),
      'metadata.labels["app.kubernetes.io/name"]',
    );
  });

  it("are the same after writing and reading", () => {
    for (const path of [
      ["spec", "ports", 1, "port"],
      ["data", "a.b/c"],
    ]) {
      assert.deepEqual(parsePath(pathText(path)), path);
    }
  });

  it("are read from the API server's conflict messages", () => {
    assert.deepEqual(parsePath('.spec.containers[name="web"].image'), ["spec", "containers", 'name="web"', "image"]);
  });

  it("are within another path when they are below it", () => {
    assert.equal(isWithin(["spec", "selector", "app"], ["spec", "selector"]), true);
    assert.equal(isWithin(["spec"], ["spec", "selector"]), false);
  });
});
