import assert from "node:assert/strict";
import { deployedLayers } from "../../../../stacks/settings/deployed-layers.ts";

const layers = ["foundation", "iam", "delivery"].map((name) => ({ name }));

const deployed = (given: unknown): string[] => deployedLayers(given, layers).map(({ name }) => name);

describe("the deployed layers", () => {
  it("are those that the settings name, in the order of the platform", () => {
    assert.deepEqual(deployed({ layers: ["delivery", "foundation"] }), ["foundation", "delivery"]);
  });

  it("leave out what is no layer of the program", () => {
    assert.deepEqual(deployed({ layers: ["iam", "jimm", 7] }), ["iam"]);
    assert.deepEqual(deployed({ layers: "iam" }), []);
    assert.deepEqual(deployed(undefined), []);
  });
});
