import assert from "node:assert/strict";
import { expectations, unmet } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/manifest/wait-for.ts";

const live = { status: { phase: "Running", list: [{ ip: "1" }], conditions: [{ type: "Ready", status: "True" }] } };

describe("the annotation pulumi.com/waitFor", () => {
  for (const [text, expected] of [
    ["condition=Ready", true],
    ["condition=Ready=False", false],
    ["condition=Synced", false],
    ["jsonpath={.status.phase}=Running", true],
    ["jsonpath={.status.phase}", true],
    ["jsonpath={.status.list[0].ip}=1", true],
    ["jsonpath={.status.phase}=Failed", false],
    ['["condition=Ready", "jsonpath={.status.phase}=Running"]', true],
    ['["condition=Ready", "condition=Synced"]', false],
  ] as const) {
    it(`with ${text} is ${expected ? "met" : "not met"}`, () => {
      assert.equal(unmet(expectations(text), live).length === 0, expected);
    });
  }

  it("names only the conditions that are not met", () => {
    const all = expectations('["condition=Ready", "condition=Synced"]');
    assert.deepEqual(unmet(all, live), ["condition=Synced"]);
  });

  for (const [text, message] of [
    ["Ready", /"Ready" is not valid; write condition=/],
    ["jsonpath={.items[*].x}=1", /the path "items\[\*\]\.x" is not supported/],
    ['["a", 1]', /must be one condition or a JSON list of conditions/],
  ] as const) {
    it(`refuses ${text}`, () => {
      assert.throws(() => expectations(text), message);
    });
  }
});
