import assert from "node:assert/strict";
import { UsageError } from "../../../../sandbox/commands/command.ts";
import { chosenLayers, refuseRemoval } from "../../../../sandbox/commands/stack/layers.ts";
import { readChoice } from "../../../../sandbox/commands/up.ts";

const layers = [
  { name: "foundation", needs: [] },
  { name: "iam", needs: ["foundation"] },
  { name: "delivery", needs: ["foundation", "iam"] },
  { name: "automate", needs: ["iam"] },
];

describe("the layers that LAYERS chooses", () => {
  it("are those that it names and those that they need, in order of deployment", () => {
    assert.deepEqual(chosenLayers("foundation", layers), ["foundation"]);
    assert.deepEqual(chosenLayers("automate", layers), ["foundation", "iam", "automate"]);
    assert.deepEqual(chosenLayers("delivery, foundation", layers), ["foundation", "iam", "delivery"]);
  });

  it("must exist", () => {
    assert.throws(
      () => chosenLayers("iam,odoo", layers),
      (error) => {
        assert.ok(error instanceof UsageError);
        assert.equal(error.message, 'unknown layer "odoo"; there are foundation, iam, delivery, automate');
        return true;
      },
    );
  });

  it("are all where it names none", () => {
    assert.deepEqual(readChoice(["--layers="], ["foundation", "iam"]).layers, ["foundation", "iam"]);
    assert.deepEqual(readChoice(["--layers=foundation"], ["foundation", "iam"]).layers, ["foundation"]);
  });

  it("may be more than the stack has, but not fewer", () => {
    refuseRemoval([], ["foundation"]);
    refuseRemoval(["foundation"], ["foundation", "iam"]);
    assert.throws(() => {
      refuseRemoval(["foundation", "iam", "delivery"], ["foundation"]);
    }, /the sandbox's stack has iam and delivery, which LAYERS leaves out; this would delete all that they hold/);
  });
});
