import assert from "node:assert/strict";
import { OperatorError } from "../../../../components/errors/operator-error.ts";
import { layers } from "../../../../stacks/layers.ts";
import { checkRelations, theRelation } from "../../../../stacks/map/check.ts";
import { assembleMap, type MapPart } from "../../../../stacks/map/platform-map.ts";
import { relationName, type DeclaredClient, type Relation } from "../../../../stacks/map/relation.ts";

type End = Relation["consumer"];

const web = (consumer: End, endpoint: End): Relation => ({ consumer, endpoint, interface: "web" });
const needs = (consumer: End, endpoint: End): Relation => ({ consumer, endpoint, interface: "secrets" });
const database = (name: string, endpoint: End = "iam/b"): Relation => ({
  consumer: "iam/a",
  endpoint,
  interface: "database",
  database: name,
});
const client = (clientId: string): DeclaredClient => ({
  clientId,
  name: clientId,
  grantTypes: ["client_credentials"],
  scopes: [],
});
const oauth = (clientId: string, consumer: End = "iam/a", endpoint: End = "iam/b"): Relation => ({
  consumer,
  endpoint,
  interface: "oauth",
  client: client(clientId),
});

const offers = { web: [443], database: [5432], oauth: [4444], secrets: [8200] };
const four = { a: { offers }, b: { offers }, c: { offers }, idle: {} };

/** One layer of four applications, three of which offer everything. */
const iam = (...relations: readonly Relation[]): MapPart => ({ layer: "iam", applications: four, relations });

/** The problems of these layers, one line each. */
function problems(...parts: readonly MapPart[]): string[] {
  try {
    checkRelations(parts);
  } catch (error) {
    assert(error instanceof OperatorError, String(error));
    const [title = "", ...lines] = error.parts.what.split("\n  ");
    assert.equal(title, lines.length === 1 ? "1 relation is wrong:" : `${lines.length} relations are wrong:`);
    assert.equal(error.parts.where, "relations.ts of the layers, and the setting bibind:iam.oauthClients");
    return lines;
  }
  return [];
}

describe("the check of the ends of a relation", () => {
  it("accepts the relations of the platform", () => {
    assert.deepEqual(problems(...layers.map(({ mapPart }) => mapPart)), []);
  });

  it("refuses a consumer or an endpoint that does not exist, and names both ends", () => {
    assert.deepEqual(problems(iam(web("iam/nobody", "iam/b"))), [
      "iam/nobody → iam/b (web): there is no application iam/nobody",
    ]);
    assert.deepEqual(problems(iam(web("iam/a", "iam/nobody"))), [
      "iam/a → iam/nobody (web): there is no application iam/nobody",
    ]);
  });

  it("reports each end when both do not exist", () => {
    assert.deepEqual(problems(iam(web("iam/x", "iam/y"))), [
      "iam/x → iam/y (web): there is no application iam/x",
      "iam/x → iam/y (web): there is no application iam/y",
    ]);
  });

  it("reports only that the ends do not exist when their layer does not exist either", () => {
    assert.deepEqual(problems(iam(web("gone/x", "gone/y"))), [
      "gone/x → gone/y (web): there is no application gone/x",
      "gone/x → gone/y (web): there is no application gone/y",
    ]);
  });

  it("refuses an interface that the endpoint does not offer, and names those that it offers", () => {
    assert.deepEqual(problems(iam({ consumer: "iam/a", endpoint: "iam/b", interface: "identity" })), [
      "iam/a → iam/b (identity): iam/b offers web, database, oauth, secrets, not identity",
    ]);
    assert.deepEqual(problems(iam(web("iam/a", "iam/idle"))), [
      "iam/a → iam/idle (web): iam/idle offers nothing, not web",
    ]);
  });

  it("reports all problems at once", () => {
    const wrong = [web("iam/a", "iam/nobody"), web("iam/a", "iam/b"), web("iam/a", "iam/b"), needs("iam/b", "iam/b")];
    assert.equal(problems(iam(...wrong)).length, 3);
  });
});

describe("the check of the layer of a relation", () => {
  const base: MapPart = { layer: "base", applications: four, relations: [] };

  it("accepts a relation between two layers in the later one, whichever of them consumes", () => {
    assert.deepEqual(problems(base, iam(web("iam/a", "base/a"), web("base/b", "iam/b"))), []);
  });

  it("refuses it in the earlier layer", () => {
    const early = { ...base, relations: [web("base/b", "iam/b"), web("iam/a", "base/a")] };
    assert.deepEqual(problems(early, iam()), [
      "base/b → iam/b (web): layer base declares it, but it belongs to layer iam",
      "iam/a → base/a (web): layer base declares it, but it belongs to layer iam",
    ]);
  });

  it("refuses a relation between two other layers", () => {
    const last: MapPart = { layer: "last", applications: {}, relations: [web("iam/a", "base/a")] };
    assert.deepEqual(problems(base, iam(), last), [
      "iam/a → base/a (web): layer last declares it, but it belongs to layer iam",
    ]);
  });

  it("refuses a database in the PostgreSQL cluster of another layer", () => {
    assert.deepEqual(problems(base, iam(database("one", "base/b"))), [
      "iam/a → base/b (database): an application has its database in the PostgreSQL cluster of its own layer",
    ]);
  });
});

describe("the check of repeated relations", () => {
  it("refuses a relation that is declared twice, or more often, and reports it once", () => {
    const relation = web("iam/a", "iam/b");
    assert.deepEqual(problems(iam(relation, relation)), ["iam/a → iam/b (web): declared twice"]);
    assert.deepEqual(problems(iam(relation, relation, relation)), ["iam/a → iam/b (web): declared twice"]);
  });

  it("distinguishes two databases and two clients of the same ends", () => {
    assert.deepEqual(problems(iam(database("one"), database("two"))), []);
    assert.deepEqual(problems(iam(database("one"), database("one"))), ["iam/a → iam/b (database) one: declared twice"]);
    assert.deepEqual(problems(iam(oauth("one"), oauth("two"))), []);
    assert.deepEqual(problems(iam(oauth("one"), oauth("one"))), [
      "iam/a → iam/b (oauth) one: declared twice",
      "OAuth2 client one: declared twice",
    ]);
  });

  it("refuses an OAuth2 client of two consumers, because its name is unique on the platform", () => {
    const relations = [oauth("one", "iam/a"), oauth("one", "iam/c")];
    assert.deepEqual(problems(iam(...relations)), ["OAuth2 client one: declared twice"]);
  });

  it("refuses an OAuth2 client that a relation and the settings declare", () => {
    const part = { ...iam(oauth("one")), clients: [client("one"), client("two")] };
    assert.deepEqual(problems(part), ["OAuth2 client one: declared twice"]);
  });

  it("refuses an OAuth2 client that the settings declare twice", () => {
    assert.deepEqual(problems({ ...iam(), clients: [client("one"), client("one")] }), [
      "OAuth2 client one: declared twice",
    ]);
  });
});

describe("the check of cycles", () => {
  const cycle = (...ends: readonly string[]): string =>
    `${ends.map((end) => `iam/${end}`).join(" → ")}: a cycle, in which nothing can be deployed first`;

  it("refuses a cycle of two, and names both ends", () => {
    const relations = [needs("iam/a", "iam/b"), database("one"), needs("iam/b", "iam/a")];
    assert.deepEqual(problems(iam(...relations)), [cycle("a", "b", "a")]);
  });

  it("refuses a cycle of three, and reports it once with every end", () => {
    const relations = [needs("iam/b", "iam/c"), needs("iam/c", "iam/a"), needs("iam/a", "iam/b")];
    assert.deepEqual(problems(iam(...relations)), [cycle("b", "c", "a", "b")]);
  });

  it("reports each of two cycles", () => {
    const first = [needs("iam/a", "iam/a")];
    const second = [needs("iam/b", "iam/c"), needs("iam/c", "iam/b")];
    assert.deepEqual(problems(iam(...first, ...second)), [cycle("a", "a"), cycle("b", "c", "b")]);
  });

  it("finds a cycle although another relation of the application leads nowhere", () => {
    const relations = [needs("iam/a", "iam/b"), needs("iam/a", "iam/c"), needs("iam/c", "iam/a")];
    assert.deepEqual(problems(iam(...relations)), [cycle("a", "c", "a")]);
  });

  it("refuses an application that consumes itself", () => {
    assert.deepEqual(problems(iam(needs("iam/a", "iam/a"))), [cycle("a", "a")]);
  });

  it("finds a cycle behind an application that is not part of it, and accepts two paths to one end", () => {
    const diamond = [needs("iam/a", "iam/b"), needs("iam/a", "iam/c"), needs("iam/b", "iam/c")];
    assert.deepEqual(problems(iam(...diamond)), []);
    assert.deepEqual(problems(iam(...diamond, needs("iam/c", "iam/b"))), [cycle("b", "c", "b")]);
  });

  for (const kind of ["database", "database-users", "secrets", "vault-api"] as const) {
    it(`looks at ${kind}, which must work while the consumer is deployed`, () => {
      const relation: Relation =
        kind === "database"
          ? { consumer: "iam/a", endpoint: "iam/b", interface: kind, database: "one" }
          : kind === "vault-api"
            ? { consumer: "iam/a", endpoint: "iam/b", interface: kind, use: "sync" }
            : { consumer: "iam/a", endpoint: "iam/b", interface: kind };
      const applications = { ...four, b: { offers: { ...offers, [kind]: [1] } } };
      assert.deepEqual(problems({ ...iam(relation, needs("iam/b", "iam/a")), applications }), [cycle("a", "b", "a")]);
    });
  }

  it("lets two layers be OAuth2 clients of each other and call each other", () => {
    const shop: MapPart = {
      layer: "shop",
      applications: four,
      relations: [oauth("shop", "shop/a", "iam/b"), oauth("iam", "iam/b", "shop/a"), web("iam/b", "shop/a")],
    };
    assert.deepEqual(problems(iam(), shop), []);
  });
});

describe("the relation of two applications", () => {
  const map = assembleMap([iam(database("one"), web("iam/c", "iam/b"), web("iam/c", "iam/a"))]);

  it("is found by consumer, interface and endpoint", () => {
    assert.equal(relationName(theRelation(map, "iam/c", "web", "iam/a")), "iam/c → iam/a (web)");
    assert.equal(theRelation(map, "iam/a", "database", "iam/b").database, "one");
  });

  it("must be declared before it is used: the message names both ends and the line to add", () => {
    assert.throws(
      () => theRelation(map, "iam/c", "database", "iam/b"),
      (error: unknown) => {
        assert(error instanceof OperatorError);
        assert.equal(error.parts.what, "iam/c uses database of iam/b, and no relation declares it");
        assert.equal(error.parts.where, "stacks/iam/relations.ts");
        assert.equal(error.parts.remedy, 'add { consumer: "iam/c", endpoint: "iam/b", interface: "database" }');
        return true;
      },
    );
  });
});
