import assert from "node:assert/strict";
import { relationsSvg } from "../../../../docs/reference/relations.ts";
import { applications, relations } from "../../../../stacks/relations.ts";

describe("the picture of the relations as SVG", () => {
  it("is drawn, with the name of every application and of every interface in it", async () => {
    const svg = await relationsSvg();
    assert.match(svg, /^<\?xml[^]*<svg [^]*<\/svg>\s*$/);
    const texts = [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text = ""]) =>
      text.replaceAll("&#45;", "-"),
    );
    for (const name of Object.keys(applications)) {
      assert(texts.includes(name.split("/")[1] ?? ""), name);
    }
    for (const { interface: kind } of relations) {
      assert(
        texts.some((text) => text.split(", ").includes(kind)),
        kind,
      );
    }
  });

  it("can be read on a dark page as well", async () => {
    assert.match(await relationsSvg(), /<polygon fill="white"/);
  });
});
