import assert from "node:assert/strict";
import { partsOf, relationName } from "../../../../stacks/map/relation.ts";

describe("the name of an application", () => {
  it("has two parts: its layer, and its name within the layer", () => {
    assert.deepEqual(partsOf("iam/hydra-keyring"), { layer: "iam", app: "hydra-keyring" });
  });
});

describe("the name of a relation", () => {
  it("has both ends and the interface", () => {
    assert.equal(
      relationName({ consumer: "iam/hydra", endpoint: "iam/postgres", interface: "database", database: "hydra" }),
      "iam/hydra → iam/postgres (database)",
    );
  });
});
