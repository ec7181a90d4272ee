import assert from "node:assert/strict";
import { layers } from "../../../../stacks/layers.ts";
import { openingsOf, type NamedOpening } from "../../../../stacks/map/openings.ts";
import { assembleMap, type MapPart } from "../../../../stacks/map/platform-map.ts";
import type { Application, Relation } from "../../../../stacks/map/relation.ts";
import { exampleLayer } from "../../../support/example-layer.ts";

const platform = assembleMap(layers.map(({ mapPart }) => mapPart));

/** An opening in one line: both ends and the ports. */
function line({ from, to, ports }: NamedOpening): string {
  return `${from.namespace}/${from.application ?? "*"} > ${to.namespace}/${to.application} ${ports.join()}`;
}

const ingress: MapPart = {
  layer: "base",
  applications: { ingress: { namespace: "ingress-system", labelled: false } },
  relations: [],
};
const web: Relation = { consumer: "shop/b", endpoint: "shop/a", interface: "web" };
const identity: Relation = { consumer: "shop/b", endpoint: "shop/a", interface: "identity" };

/** The openings of a layer with two applications, of which `a` offers two interfaces. */
function openings(relations: readonly Relation[], a: Application = {}): NamedOpening[] {
  const applications = { a: { offers: { web: [443], identity: [4433, 443] }, ...a }, b: {} };
  return openingsOf(assembleMap([ingress, { layer: "shop", applications, relations }]), "shop");
}

describe("the openings of the layer iam", () => {
  it("are those of its relations, and none for an application whose secrets the operator syncs", () => {
    assert.deepEqual(openingsOf(platform, "iam").map(line).sort(), [
      "cnpg-system/* > iam/postgres 5432,8000",
      "iam/hydra > iam/postgres 5432",
      "iam/hydra-keyring > iam/vault 8200",
      "iam/identity > iam/hydra 4445",
      "iam/identity > iam/kratos 4433,4434",
      "iam/identity-keyring > iam/vault 8200",
      "iam/kratos > iam/hydra 4445",
      "iam/kratos > iam/postgres 5432",
      "iam/kratos-keyring > iam/vault 8200",
      "iam/oauth-clients > iam/hydra 4445",
      "iam/oauth-clients > iam/vault 8200",
      "iam/postgres > iam/postgres 5432,8000",
      "iam/vault > iam/postgres 5432",
      "iam/vault > iam/vault 8200,8201",
      "iam/vault-init > iam/vault 8200",
      "ingress/* > iam/hydra 4444",
      "ingress/* > iam/identity 8443",
      "ingress/* > iam/vault 8200",
      "vault-secrets-operator-system/* > iam/vault 8200",
    ]);
  });

  it("never let the ingress reach an admin API", () => {
    const ports = openingsOf(platform, "iam").flatMap(({ from, ports }) => (from.namespace === "ingress" ? ports : []));
    assert(!ports.includes(4445) && !ports.includes(4434));
  });

  it("have a name of their own", () => {
    const names = openingsOf(platform, "iam").map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
  });
});

describe("the openings of a layer", () => {
  it("are one for each pair of ends, with the ports of all their relations in order, each once", () => {
    assert.deepEqual(openings([identity, web]).map(line), ["shop/b > shop/a 443,4433"]);
  });

  it("are named after the endpoint and the consumer, with the consumer's layer when it is another one", () => {
    const fromIngress: Relation = { consumer: "base/ingress", endpoint: "shop/a", interface: "web" };
    assert.deepEqual(
      openings([web, fromIngress]).map(({ name }) => name),
      ["shop-a-from-b", "shop-a-from-base-ingress"],
    );
  });

  it("name both ends", () => {
    assert.deepEqual(openings([web])[0]?.ends, ["shop/b", "shop/a"]);
  });

  it("select all pods of the consumer's namespace when its pods have no label of the platform", () => {
    const [opening] = openings([{ consumer: "base/ingress", endpoint: "shop/a", interface: "web" }]);
    assert.deepEqual(opening?.from, { namespace: "ingress-system" });
    assert.deepEqual(opening.to, { namespace: "shop", application: "a" });
  });

  it("are none for an OAuth2 client, nor for a consumer of secrets", () => {
    const client = { clientId: "x", name: "X", grantTypes: ["client_credentials"], scopes: [] } as const;
    const offers = { oauth: [4444], secrets: [8200] };
    assert.deepEqual(
      openings([{ consumer: "shop/b", endpoint: "shop/a", interface: "oauth", client }], { offers }),
      [],
    );
    assert.deepEqual(openings([{ consumer: "shop/b", endpoint: "shop/a", interface: "secrets" }], { offers }), []);
  });

  it("let the pods of an application reach each other on its peer ports", () => {
    const [opening, ...others] = openings([], { peers: [8201, 8200] });
    assert.deepEqual(others, []);
    assert.equal(opening?.name, "shop-a-from-a");
    assert.equal(line(opening), "shop/a > shop/a 8200,8201");
    assert.deepEqual(opening.ends, ["shop/a", "shop/a"]);
  });

  it("join the peer ports of an application and the ports of a relation with itself", () => {
    const self: Relation = { consumer: "shop/a", endpoint: "shop/a", interface: "web" };
    assert.deepEqual(openings([self], { peers: [8200] }).map(line), ["shop/a > shop/a 443,8200"]);
  });

  it("are those of the relations that the layer declares, in whichever layer their endpoint is", () => {
    const map = assembleMap([...layers, exampleLayer()].map(({ mapPart }) => mapPart));
    assert.deepEqual(openingsOf(map, "example").map(line).sort(), [
      "cnpg-system/* > example/postgres 5432,8000",
      "example/postgres > example/postgres 5432,8000",
      "example/web > example/postgres 5432",
      "example/web > iam/kratos 4433,4434",
      "example/web-keyring > iam/vault 8200",
      "iam/vault > example/postgres 5432",
      "ingress/* > example/web 8443",
    ]);
    assert.deepEqual(openingsOf(map, "iam"), openingsOf(platform, "iam"));
  });
});
