import assert from "node:assert/strict";
import { relationsSvg } from "../../../../docs/reference/relations.ts";
import { layers } from "../../../../stacks/layers.ts";
import { assembleMap } from "../../../../stacks/map/platform-map.ts";
import { partsOf } from "../../../../stacks/map/relation.ts";

const { applications, relations } = assembleMap(layers.map(({ mapPart }) => mapPart));

describe("the picture of the relations as SVG", () => {
  it("contains the name of every application and of every interface", async () => {
    const svg = await relationsSvg();
    assert.match(svg, /^<\?xml[^]*<svg [^]*<\/svg>\s*$/);
    const texts = [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text = ""]) =>
      text.replaceAll("&#45;", "-"),
    );
    for (const name of applications.keys()) {
      assert(texts.includes(partsOf(name).app), name);
    }
    for (const { interface: kind } of relations) {
      assert(
        texts.some((text) => text.split(", ").includes(kind)),
        kind,
      );
    }
  });

  it("has a background, so that it is readable on a dark page", async () => {
    assert.match(await relationsSvg(), /<polygon fill="white"/);
  });
});
