import assert from "node:assert/strict";
import { removals } from "../../../../services/drift/put-back.ts";

describe("the patch that removes what was added", () => {
  const live = { metadata: { annotations: { "a/b~c": "why" } }, ports: [{ port: 1 }, { port: 2 }, { port: 3 }] };
  const added = (...path: readonly (string | number | { port: number })[]) => ({ path, declared: undefined, live: "" });

  it("escapes the characters that a JSON pointer reserves", () => {
    assert.deepEqual(removals(live, [added("metadata", "annotations", "a/b~c")]), [
      { op: "test", path: "/metadata/annotations/a~1b~0c", value: "why" },
      { op: "remove", path: "/metadata/annotations/a~1b~0c" },
    ]);
  });

  it("removes the later items of a list first", () => {
    assert.deepEqual(removals(live, [added("ports", { port: 2 }), added("ports", { port: 3 })]), [
      { op: "test", path: "/ports/2", value: { port: 3 } },
      { op: "remove", path: "/ports/2" },
      { op: "test", path: "/ports/1", value: { port: 2 } },
      { op: "remove", path: "/ports/1" },
    ]);
  });
});
