import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { z } from "zod";
import { plain } from "../../../stacks/contract.ts";
import { layer, type Deploy, type LayerContext } from "../../../stacks/layer.ts";
import { layers } from "../../../stacks/layers.ts";
import { assembleMap } from "../../../stacks/map/platform-map.ts";
import type { Application, Relation } from "../../../stacks/map/relation.ts";
import { record } from "../../support/mocks.ts";

const settings = z.strictObject({ hostName: z.string().default("shop"), clients: z.array(z.string()).default([]) });
const contract = { layer: "shop", version: 1, fields: z.object({ host: plain(z.string()) }) };
const applications: Readonly<Record<string, Application>> = { web: { offers: { web: [443] } } };
const relations: readonly Relation[] = [{ consumer: "base/ingress", endpoint: "shop/web", interface: "web" }];

const context: LayerContext = {
  map: assembleMap([]),
  models: [],
  openSession: () => Promise.reject(new Error("nobody logs in")),
  required: [],
  requiredOf: () => [],
  outputsOf: () => {
    throw new Error("no other layer has outputs");
  },
};

const deployShop: Deploy<typeof settings, typeof contract.fields.shape> = ({ hostName }, { required }) => ({
  outputs: { host: pulumi.output(hostName) },
  provided: { layer: required },
});

/** A layer, and how often its code was loaded. */
function shop() {
  const loads: string[] = [];
  const value = layer({
    name: "shop",
    needs: ["base"],
    data: "all orders",
    settings,
    contract,
    applications,
    relations,
    hosts: ({ hostName }) => ({ web: hostName }),
    clients: ({ clients }) =>
      clients.map((clientId) => ({ clientId, name: clientId, grantTypes: ["client_credentials"], scopes: [] })),
    load: () => {
      loads.push("shop");
      return Promise.resolve(deployShop);
    },
  });
  return { value, loads };
}

describe("a layer", () => {
  it("has a part of the map before its settings are known", () => {
    const { value } = shop();
    assert.deepEqual(value.mapPart, { layer: "shop", applications, relations });
    assert.deepEqual([value.name, value.needs, value.contract.version], ["shop", ["base"], 1]);
  });

  it("adds the host names and the clients that follow from its settings", () => {
    const { mapPart } = shop().value.configure({ hostName: "store", clients: ["reports"] });
    const client = { clientId: "reports", name: "reports", grantTypes: ["client_credentials"], scopes: [] };
    assert.deepEqual(mapPart, { layer: "shop", applications, relations, hosts: { web: "store" }, clients: [client] });
  });

  it("fills in the defaults of its settings", () => {
    const { mapPart } = shop().value.configure({});
    assert.deepEqual([mapPart.hosts, mapPart.clients], [{ web: "shop" }, []]);
  });

  it("refuses settings that its schema refuses", () => {
    assert.throws(() => shop().value.configure({ hostName: 7 }), z.ZodError);
  });

  it("loads its code only when it is deployed", async () => {
    const { value, loads } = shop();
    const configured = value.configure({ hostName: "store" });
    assert.deepEqual(loads, []);
    const { outputs } = await configured.deploy(context);
    assert.deepEqual(loads, ["shop"]);
    assert.deepEqual(Object.keys(outputs), ["host"]);
  });

  it("passes its context to its code", async () => {
    const { result } = await record(async () => {
      const required = [new Namespace("any")];
      const { provided } = await shop()
        .value.configure({})
        .deploy({ ...context, required });
      return provided.layer.length === 1 && provided.layer[0] === required[0];
    });
    assert.equal(result, true);
  });
});

describe("the layers of the platform", () => {
  it("come after the layers that they need", () => {
    const names = layers.map(({ name }) => name);
    for (const { name, needs } of layers) {
      for (const needed of needs) {
        assert(names.indexOf(needed) >= 0 && names.indexOf(needed) < names.indexOf(name), `${name} needs ${needed}`);
      }
    }
  });

  it("have names of their own, which their contracts and their parts of the map share", () => {
    const names = layers.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    for (const { name, contract, mapPart } of layers) {
      assert.deepEqual([contract.layer, mapPart.layer], [name, name]);
    }
  });
});
