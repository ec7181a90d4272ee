import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { betweenFolders, circlesIn, importsOf, refuseCircles, type ImportGraph } from "../../support/import-graph.ts";

/** A graph from lines such as `a.ts > b.ts c.ts`. */
function graphOf(...lines: readonly string[]): ImportGraph {
  return new Map(
    lines.map((line) => {
      const [node = "", imported = ""] = line.split(" > ");
      return [node, new Set(imported.split(" ").filter((other) => other !== ""))];
    }),
  );
}

describe("importsOf", () => {
  let root: string;

  before(async () => {
    root = await mkdtemp(join(tmpdir(), "import-graph-"));
    const files = {
      "app/main.ts": `import { b } from "./inner/b.ts";\nimport { readFile } from "node:fs";\nawait import("./late.ts");`,
      "app/inner/b.ts": `import type { Main } from "../main.ts";\nexport { c } from "../../base/c.ts";`,
      "app/node_modules/x/index.ts": `import "../../main.ts";`,
      "base/c.ts": `// import "./commented-out.ts"\nexport const c = 'import "./text.ts"';`,
    };
    for (const [file, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, file)), { recursive: true });
      await writeFile(join(root, file), text);
    }
  });

  after(() => rm(root, { recursive: true }));

  it("reads imports of values, imports of types, re-exports and dynamic imports", async () => {
    assert.deepEqual(
      await importsOf("app", root),
      graphOf("app/main.ts > app/inner/b.ts app/late.ts", "app/inner/b.ts > app/main.ts base/c.ts"),
    );
  });

  it("ignores what a comment or a string holds", async () => {
    assert.deepEqual(await importsOf("base", root), graphOf("base/c.ts > "));
  });

  it("fails for a folder without TypeScript files", async () => {
    await assert.rejects(importsOf("nowhere", root), /no TypeScript file below .*nowhere/);
  });
});

describe("betweenFolders", () => {
  const files = graphOf("a/x.ts > a/y.ts a/inner/z.ts", "a/y.ts > b/w.ts", "a/inner/z.ts > a/y.ts");

  it("joins the imports of the files of a folder and leaves out those inside it", () => {
    assert.deepEqual(betweenFolders(files), graphOf("a > a/inner b", "a/inner > a"));
  });

  it("takes the folders that the caller chooses", () => {
    assert.deepEqual(
      betweenFolders(files, (file) => file.split("/")[0] ?? ""),
      graphOf("a > b"),
    );
  });
});

describe("circlesIn", () => {
  it("finds no circle where the nodes lie on floors", () => {
    assert.deepEqual(circlesIn(graphOf("a > b c", "b > c", "c > outside")), []);
  });

  it("names the nodes of a circle in the order of the imports", () => {
    assert.deepEqual(circlesIn(graphOf("top > a", "a > b", "b > c", "c > a")), [["a", "b", "c"]]);
  });

  it("finds two circles that share no node, and a node that imports itself", () => {
    const circles = circlesIn(graphOf("a > b", "b > a", "c > d", "d > c", "e > e"));
    assert.deepEqual(circles, [["a", "b"], ["c", "d"], ["e"]]);
  });
});

describe("refuseCircles", () => {
  it("shows every import of a circle", () => {
    assert.throws(() => refuseCircles(graphOf("a > b", "b > a")), /a\n  imports b\n  imports a$/);
  });

  it("accepts a graph without circles", () => {
    refuseCircles(graphOf("a > b", "b > "));
  });
});
