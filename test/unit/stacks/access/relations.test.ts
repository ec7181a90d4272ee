import assert from "node:assert/strict";
import { postgresCluster, postgresRelations } from "../../../../stacks/access/relations.ts";
import { foundation } from "../../../../stacks/foundation/layer.ts";
import { iam } from "../../../../stacks/iam/layer.ts";
import { checkRelations } from "../../../../stacks/map/check.ts";
import { openingsOf } from "../../../../stacks/map/openings.ts";
import { assembleMap } from "../../../../stacks/map/platform-map.ts";

const shop = { layer: "shop", applications: postgresCluster, relations: postgresRelations("shop") };
const parts = [foundation.mapPart, iam.mapPart, shop];

describe("the relations of a layer's PostgreSQL cluster", () => {
  it("pass the check in every layer above iam", () => {
    assert.doesNotThrow(() => checkRelations(parts));
  });

  it("let in its operator, Vault and its own servers, and nobody else", () => {
    const openings = openingsOf(assembleMap(parts), "shop").map(({ ends, ports }) => [...ends, ports]);
    assert.deepEqual(openings, [
      ["foundation/postgres-operator", "shop/postgres", [5432, 8000]],
      ["iam/vault", "shop/postgres", [5432]],
      ["shop/postgres", "shop/postgres", [5432, 8000]],
    ]);
  });
});
