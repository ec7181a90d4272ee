import assert from "node:assert/strict";
import { layers } from "../../../../stacks/layers.ts";
import { operatorsOf } from "../../../../stacks/map/operators.ts";
import { assembleMap } from "../../../../stacks/map/platform-map.ts";

const map = assembleMap(layers.map(({ mapPart }) => mapPart));

describe("the operators that serve a layer", () => {
  it("are those of its databases and of its secrets", () => {
    assert.deepEqual(operatorsOf(map, "iam"), ["postgres-operator", "secrets-operator"]);
  });

  it("are none for a layer without both, although the operators themselves run in it", () => {
    assert.deepEqual(operatorsOf(map, "foundation"), []);
  });

  it("include the one that writes Secrets for a layer that has only a database or a sign-in", () => {
    const client = { clientId: "web", name: "Web", grantTypes: [], scopes: [] };
    for (const relation of [
      { consumer: "shop/web", endpoint: "shop/postgres", interface: "database", database: "web" },
      { consumer: "shop/web", endpoint: "shop/hydra", interface: "oauth", client },
    ] as const) {
      const shop = { layer: "shop", applications: {}, relations: [relation] };
      assert.deepEqual(operatorsOf(assembleMap([shop]), "shop"), ["secrets-operator"]);
    }
  });

  it("do not serve the layer of Vault because another layer reads its secrets there", () => {
    const consumer = { layer: "shop", applications: { web: {} } };
    const relation = { consumer: "shop/web", endpoint: "iam/vault", interface: "secrets" } as const;
    const vault = { layer: "iam", applications: { vault: { offers: { secrets: [8200] } } }, relations: [] };
    const both = assembleMap([vault, { ...consumer, relations: [relation] }]);
    assert.deepEqual([operatorsOf(both, "iam"), operatorsOf(both, "shop")], [[], ["secrets-operator"]]);
  });
});
