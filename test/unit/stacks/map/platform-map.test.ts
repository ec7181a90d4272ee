import assert from "node:assert/strict";
import { applicationsIn, assembleMap, consumed, keyringOf, type MapPart } from "../../../../stacks/map/platform-map.ts";
import type { Relation } from "../../../../stacks/map/relation.ts";

const keys = { session: { length: 32 } };
const usesSecrets: Relation = { consumer: "shop/web", endpoint: "base/vault", interface: "secrets", keys };
const readsSetting: Relation = {
  consumer: "shop/mail",
  endpoint: "base/vault",
  interface: "secrets",
  settings: ["smtp"],
};
const showsWeb: Relation = { consumer: "base/ingress", endpoint: "shop/web", interface: "web" };
const usesDesk: Relation = { consumer: "shop/web", endpoint: "desk/api", interface: "web" };
const usesShop: Relation = { consumer: "desk/api", endpoint: "shop/web", interface: "web" };
const database = (name: string): Relation => ({
  consumer: "shop/web",
  endpoint: "shop/postgres",
  interface: "database",
  database: name,
});

const base: MapPart = { layer: "base", applications: { ingress: { namespace: "ingress" }, vault: {} }, relations: [] };
const shop: MapPart = {
  layer: "shop",
  applications: { postgres: {}, web: { offers: { web: [443] } }, mail: {} },
  relations: [showsWeb, usesSecrets, readsSetting, usesDesk],
  hosts: { web: "shop" },
};
const desk: MapPart = { layer: "desk", applications: { api: {} }, relations: [usesShop] };

const makesKeys: Relation = {
  consumer: "shop/web-keyring",
  endpoint: "base/vault",
  interface: "vault-api",
  use: "keyring",
  keysOf: "web",
};

describe("the map of the deployed layers", () => {
  it("holds every application under the name of its layer, as the layer declares it", () => {
    const { applications } = assembleMap([base, desk]);
    assert.deepEqual(
      [...applications],
      [
        ["base/ingress", { namespace: "ingress" }],
        ["base/vault", {}],
        ["desk/api", {}],
      ],
    );
  });

  it("adds an application and a relation for each consumer whose keys are generated", () => {
    const map = assembleMap([base, shop]);
    assert.equal(keyringOf("shop/web"), "shop/web-keyring");
    assert.deepEqual(map.applications.get("shop/web-keyring"), {});
    assert.deepEqual(map.relations, [showsWeb, usesSecrets, readsSetting, makesKeys]);
    assert.equal(map.applications.has("shop/mail-keyring"), false);
  });

  it("knows which layer declares each relation", () => {
    const { declaredBy } = assembleMap([base, shop, desk]);
    assert.deepEqual(declaredBy.get("base"), []);
    assert.deepEqual(declaredBy.get("shop"), [showsWeb, usesSecrets, readsSetting, usesDesk, makesKeys]);
    assert.deepEqual(declaredBy.get("desk"), [usesShop]);
  });

  it("leaves out a relation whose endpoint is in a layer that is not deployed", () => {
    assert(!assembleMap([base, shop]).relations.includes(usesDesk));
    assert(assembleMap([base, shop, desk]).relations.includes(usesDesk));
  });

  it("leaves out a relation whose consumer is in a layer that is not deployed", () => {
    const { relations, declaredBy } = assembleMap([shop, desk]);
    assert.deepEqual(relations, [usesDesk, usesShop]);
    assert.deepEqual(declaredBy.get("shop"), [usesDesk]);
  });

  it("has no application for the keys of a relation that it leaves out", () => {
    assert.equal(assembleMap([shop, desk]).applications.has("shop/web-keyring"), false);
  });

  it("holds the host names by application", () => {
    assert.deepEqual([...assembleMap([base, shop]).hosts], [["shop/web", "shop"]]);
  });
});

describe("the applications of a layer", () => {
  it("are in the order of their declaration, with those of their keys at the end", () => {
    const map = assembleMap([base, shop, desk]);
    assert.deepEqual(applicationsIn(map, "shop"), ["shop/postgres", "shop/web", "shop/mail", "shop/web-keyring"]);
    assert.deepEqual(applicationsIn(map, "jimm"), []);
  });
});

describe("the relations of a consumer", () => {
  it("are all that it declares of one interface, and none of another consumer", () => {
    const map = assembleMap([base, { ...shop, relations: [database("one"), usesSecrets, database("two")] }]);
    assert.deepEqual(
      consumed(map, "shop/web", "database").map((relation) => relation.database),
      ["one", "two"],
    );
    assert.deepEqual(consumed(map, "shop/mail", "database"), []);
    assert.deepEqual(consumed(map, "shop/web", "oauth"), []);
  });
});
