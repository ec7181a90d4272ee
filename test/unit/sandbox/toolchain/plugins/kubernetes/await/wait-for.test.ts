import assert from "node:assert/strict";
import {
  expectations,
  judgeExpectations,
} from "../../../../../../../sandbox/toolchain/plugins/kubernetes/await/wait-for.ts";
import type { JsonObject } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/json.ts";

const state = (text: string, object: JsonObject) => judgeExpectations(expectations(text), object).state;
const ready = { status: { phase: "Running", list: [{ ip: "1" }], conditions: [{ type: "Ready", status: "True" }] } };

describe("the annotation pulumi.com/waitFor", () => {
  for (const [text, expected] of [
    ["condition=Ready", "ready"],
    ["condition=Ready=False", "waiting"],
    ["condition=Synced", "waiting"],
    ["jsonpath={.status.phase}=Running", "ready"],
    ["jsonpath={.status.phase}", "ready"],
    ["jsonpath={.status.list[0].ip}=1", "ready"],
    ["jsonpath={.status.phase}=Failed", "waiting"],
    ['["condition=Ready", "jsonpath={.status.phase}=Running"]', "ready"],
    ['["condition=Ready", "condition=Synced"]', "waiting"],
  ] as const) {
    it(`${text} is ${expected}`, () => {
      assert.equal(state(text, ready), expected);
    });
  }

  it("names what is missing", () => {
    const verdict = judgeExpectations(expectations("condition=Synced"), ready);
    assert.match(verdict.state === "waiting" ? verdict.because : "", /condition=Synced/);
  });

  for (const text of ["Ready", "jsonpath={.items[*].x}=1", '["a", 1]']) {
    it(`refuses ${text}`, () => {
      assert.throws(() => expectations(text));
    });
  }
});
