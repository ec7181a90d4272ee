import assert from "node:assert/strict";
import { sameScalar } from "../../../../services/drift/same-value.ts";

describe("two scalars", () => {
  for (const [declared, live] of [
    ["500m", "0.5"],
    ["1000m", "1"],
    ["1000m", 1],
    [1, "1"],
    ["1Gi", "1024Mi"],
    ["1e3", "1k"],
    ["2160h", "2160h0m0s"],
    ["90m", "1h30m"],
    ["text", "text"],
    [false, false],
  ] as const) {
    it(`have the same meaning: ${declared} and ${live}`, () => {
      assert(sameScalar(declared, live));
    });
  }

  for (const [declared, live] of [
    ["500m", "0.6"],
    ["1Gi", "1G"],
    ["2160h", "2160h0m1s"],
    ["1.1", "1.10"],
    ["1", "01"],
    ["v1", "v2"],
    [true, "true"],
    [1, 3],
    ["", undefined],
  ] as const) {
    it(`differ: ${declared} and ${String(live)}`, () => {
      assert(!sameScalar(declared, live));
    });
  }
});
