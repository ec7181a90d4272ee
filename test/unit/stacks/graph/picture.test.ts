import assert from "node:assert/strict";
import { relationsPicture } from "../../../../stacks/graph/picture.ts";
import { applications, relations, type Relation } from "../../../../stacks/relations.ts";

const platform = relationsPicture({ applications, relations });

/** The lines of one layer's frame. */
function frame(picture: string, layer: string): string[] {
  const [, inside = ""] = picture.split(`subgraph "cluster_${layer}" {`);
  return (
    inside
      .split("\n  }")[0]
      ?.split("\n")
      .map((line) => line.trim()) ?? []
  );
}

describe("the picture of the relations", () => {
  it("draws every application once, in the frame of its layer", () => {
    for (const name of Object.keys(applications)) {
      const [layer = "", app = ""] = name.split("/");
      const begin = `"${name}" [label="${app}"`;
      assert.equal(platform.split(begin).length, 2, name);
      assert(
        frame(platform, layer).some((line) => line.startsWith(begin)),
        name,
      );
    }
  });

  it("has no frame for a layer that takes part in no relation", () => {
    assert.match(platform, /subgraph "cluster_iam"/);
    assert.doesNotMatch(platform, /subgraph "cluster_jimm"/);
  });

  it("draws every relation from who consumes to who provides, labelled by its interface", () => {
    for (const { consumer, endpoint, interface: kind } of relations) {
      const arrow = platform.split("\n").find((line) => line.includes(`"${consumer}" -> "${endpoint}"`));
      assert(arrow?.includes(kind), `${consumer} → ${endpoint} (${kind}): ${arrow ?? "no arrow"}`);
    }
  });

  it("draws one arrow for each two ends, with each interface between them once", () => {
    const edge = (kind: "web" | "identity"): Relation => ({ consumer: "iam/a", endpoint: "iam/b", interface: kind });
    const picture = relationsPicture({
      applications: { "iam/a": {}, "iam/b": {} },
      relations: [edge("web"), edge("identity"), edge("web")],
    });
    const arrows = picture.split("\n").filter((line) => line.includes("->"));
    assert.deepEqual(arrows, ['  "iam/a" -> "iam/b" [label="web, identity"]']);
  });

  it("draws who offers something otherwise than who does not", () => {
    const [hydra, people] = ["iam/hydra", "iam/people"].map((name) =>
      frame(platform, "iam").find((line) => line.startsWith(`"${name}"`)),
    );
    assert.doesNotMatch(hydra ?? "", /dashed/);
    assert.match(people ?? "", /dashed/);
  });
});
