import assert from "node:assert/strict";
import { layers } from "../../../../stacks/layers.ts";
import { relationsPicture } from "../../../../stacks/map/picture.ts";
import { assembleMap } from "../../../../stacks/map/platform-map.ts";
import { partsOf, type Relation } from "../../../../stacks/map/relation.ts";

const map = assembleMap(layers.map(({ mapPart }) => mapPart));
const platform = relationsPicture(map);

/** The lines of one layer's frame. */
function frame(picture: string, layer: string): string[] {
  const [, inside = ""] = picture.split(`subgraph "cluster_${layer}" {`);
  const [lines = ""] = inside.split("\n  }");
  return lines.split("\n").map((line) => line.trim());
}

describe("the picture of the relations", () => {
  it("is a graph of Graphviz, in which each frame is closed", () => {
    assert.match(platform, /^digraph relations \{\n[^]*\n\}\n$/);
    assert.equal(platform.split("{\n").length, platform.split(/^ *\}$/m).length);
  });

  it("draws every application once, in the frame of its layer", () => {
    for (const name of map.applications.keys()) {
      const { layer, app } = partsOf(name);
      const begin = `"${name}" [label="${app}"`;
      assert.equal(platform.split(begin).length, 2, name);
      assert(
        frame(platform, layer).some((line) => line.startsWith(begin)),
        name,
      );
    }
  });

  it("has no frame for a layer that is not deployed", () => {
    assert.match(platform, /subgraph "cluster_iam"/);
    assert.doesNotMatch(platform, /subgraph "cluster_jimm"/);
  });

  it("draws every relation from the consumer to the endpoint, labelled with its interface", () => {
    for (const { consumer, endpoint, interface: kind } of map.relations) {
      const arrow = platform.split("\n").find((line) => line.includes(`"${consumer}" -> "${endpoint}"`));
      assert(arrow?.includes(kind), `${consumer} → ${endpoint} (${kind}): ${arrow ?? "no arrow"}`);
    }
  });

  it("draws one arrow for each pair of ends, with each interface between them once", () => {
    const relation = (kind: "web" | "identity"): Relation => ({
      consumer: "iam/a",
      endpoint: "iam/b",
      interface: kind,
    });
    const relations = [relation("web"), relation("identity"), relation("web")];
    const picture = relationsPicture(assembleMap([{ layer: "iam", applications: { a: {}, b: {} }, relations }]));
    const arrows = picture.split("\n").filter((line) => line.includes("->"));
    assert.deepEqual(arrows, ['  "iam/a" -> "iam/b" [label="web, identity"]']);
  });

  it("draws an application that offers nothing with a dashed frame", () => {
    const [hydra, controller] = ["iam/hydra", "iam/oauth-clients"].map((name) =>
      frame(platform, "iam").find((line) => line.startsWith(`"${name}"`)),
    );
    assert.doesNotMatch(hydra ?? "", /dashed/);
    assert.match(controller ?? "", /dashed/);
  });
});
