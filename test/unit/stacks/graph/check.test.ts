import assert from "node:assert/strict";
import { OperatorError } from "../../../../components/errors/operator-error.ts";
import { checkMap, consumed, edgeName, theRelation, type PlatformMap } from "../../../../stacks/graph/check.ts";
import { applications, relations, type Relation } from "../../../../stacks/relations.ts";

const web = (consumer: Relation["consumer"], endpoint: Relation["endpoint"]): Relation => ({
  consumer,
  endpoint,
  interface: "web",
});
const database = (name: string): Relation => ({
  consumer: "iam/a",
  endpoint: "iam/b",
  interface: "database",
  database: name,
  use: "leased",
});
const client = (clientId: string): Relation => ({
  consumer: "iam/a",
  endpoint: "iam/b",
  interface: "oauth",
  client: { clientId, name: clientId, grantTypes: ["client_credentials"], scopes: [] },
});
const keyring = (of: string): Relation => ({
  consumer: "iam/a",
  endpoint: "iam/b",
  interface: "secrets",
  use: "keyring",
  of,
});

const offers = { web: [443], database: [5432], oauth: [4444], secrets: [8200] };

/** A map of four applications that offer everything, and these relations. */
const mapOf = (...edges: readonly Relation[]): PlatformMap => ({
  applications: { "iam/a": { offers }, "iam/b": { offers }, "iam/c": { offers }, "iam/idle": {} },
  relations: edges,
});

/** What is wrong with a map, one line for each problem. */
function problems(map: PlatformMap): string[] {
  try {
    checkMap(map);
  } catch (error) {
    assert(error instanceof OperatorError, String(error));
    const [title = "", ...lines] = error.parts.what.split("\n  ");
    assert.equal(title, lines.length === 1 ? "1 relation is wrong:" : `${lines.length} relations are wrong:`);
    assert.equal(error.parts.where, "stacks/relations.ts");
    return lines;
  }
  return [];
}

describe("the check of the relations", () => {
  it("accepts those of the platform", () => {
    assert.deepEqual(problems({ applications, relations }), []);
  });

  it("refuses a consumer that there is not, naming both ends", () => {
    assert.deepEqual(problems(mapOf(web("iam/nobody", "iam/b"))), [
      "iam/nobody → iam/b (web): there is no application iam/nobody",
    ]);
  });

  it("refuses an endpoint that there is not, naming both ends", () => {
    assert.deepEqual(problems(mapOf(web("iam/a", "iam/nobody"))), [
      "iam/a → iam/nobody (web): there is no application iam/nobody",
    ]);
  });

  it("refuses an edge of which both ends are missing, once for each", () => {
    assert.deepEqual(problems(mapOf(web("iam/x", "iam/y"))), [
      "iam/x → iam/y (web): there is no application iam/x",
      "iam/x → iam/y (web): there is no application iam/y",
    ]);
  });

  it("refuses an interface that the endpoint does not offer, and says which it does", () => {
    assert.deepEqual(problems(mapOf({ consumer: "iam/a", endpoint: "iam/b", interface: "identity" })), [
      "iam/a → iam/b (identity): iam/b offers web, database, oauth, secrets, not identity",
    ]);
    assert.deepEqual(problems(mapOf(web("iam/a", "iam/idle"))), [
      "iam/a → iam/idle (web): iam/idle offers nothing, not web",
    ]);
  });

  it("refuses an edge that is declared twice, or more often, once", () => {
    const edge = web("iam/a", "iam/b");
    assert.deepEqual(problems(mapOf(edge, edge)), ["iam/a → iam/b (web): declared twice"]);
    assert.deepEqual(problems(mapOf(edge, edge, edge)), ["iam/a → iam/b (web): declared twice"]);
  });

  it("tells two edges of one interface apart by what they are about", () => {
    assert.deepEqual(problems(mapOf(database("one"), database("two"))), []);
    assert.deepEqual(problems(mapOf(database("one"), database("one"))), [
      "iam/a → iam/b (database) one: declared twice",
    ]);
    assert.deepEqual(problems(mapOf(client("one"), client("two"))), []);
    assert.deepEqual(problems(mapOf(client("one"), client("one"))), ["iam/a → iam/b (oauth) one: declared twice"]);
    assert.deepEqual(problems(mapOf(keyring("one"), keyring("two"))), []);
    assert.deepEqual(problems(mapOf(keyring("one"), keyring("one"))), ["iam/a → iam/b (secrets) one: declared twice"]);
  });

  it("refuses a cycle of two, naming both ends", () => {
    assert.deepEqual(problems(mapOf(web("iam/a", "iam/b"), database("one"), web("iam/b", "iam/a"))), [
      "iam/a → iam/b → iam/a: a cycle, in which nothing can be deployed first",
    ]);
  });

  it("refuses a cycle of three, once, naming every end of it", () => {
    const edges = [web("iam/b", "iam/c"), web("iam/c", "iam/a"), web("iam/a", "iam/b")];
    assert.deepEqual(problems(mapOf(...edges)), [
      "iam/b → iam/c → iam/a → iam/b: a cycle, in which nothing can be deployed first",
    ]);
  });

  it("refuses an application that consumes itself", () => {
    assert.deepEqual(problems(mapOf(web("iam/a", "iam/a"))), [
      "iam/a → iam/a: a cycle, in which nothing can be deployed first",
    ]);
  });

  it("finds a cycle behind an application that is not part of it, and takes two ways to one end for none", () => {
    const diamond = [web("iam/a", "iam/b"), web("iam/a", "iam/c"), web("iam/b", "iam/c")];
    assert.deepEqual(problems(mapOf(...diamond)), []);
    assert.deepEqual(problems(mapOf(...diamond, web("iam/c", "iam/b"))), [
      "iam/b → iam/c → iam/b: a cycle, in which nothing can be deployed first",
    ]);
  });

  it("tells everything that is wrong at once", () => {
    const edges = [web("iam/a", "iam/nobody"), web("iam/a", "iam/b"), web("iam/a", "iam/b"), web("iam/b", "iam/a")];
    assert.equal(problems(mapOf(...edges)).length, 3);
  });
});

describe("the relations of a consumer", () => {
  const map = mapOf(database("one"), database("two"), web("iam/a", "iam/b"), web("iam/c", "iam/b"));

  it("are those that it declares, of one interface", () => {
    assert.deepEqual(
      consumed(map, "iam/a", "database").map((relation) => relation.database),
      ["one", "two"],
    );
    assert.deepEqual(consumed(map, "iam/c", "database"), []);
  });

  it("are found by their endpoint", () => {
    assert.equal(edgeName(theRelation(map, "iam/c", "web", "iam/b")), "iam/c → iam/b (web)");
  });

  it("are to be declared before they are used: the message names both ends and the line to add", () => {
    assert.throws(
      () => theRelation(map, "iam/c", "database", "iam/b"),
      (error: unknown) => {
        assert(error instanceof OperatorError);
        assert.equal(error.parts.what, "iam/c uses database of iam/b, which no relation declares");
        assert.match(error.parts.remedy, /\{ consumer: "iam\/c", endpoint: "iam\/b", interface: "database" \}/);
        return true;
      },
    );
  });
});
