import assert from "node:assert/strict";
import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Recipe, recipes } from "../../../../sandbox/images/recipes.ts";

const folder = join(import.meta.dirname, "..", "..", "..", "..", "sandbox", "images");

describe("the recipes of the images", () => {
  it("have one folder each, and every folder has a recipe", async () => {
    const entries = await readdir(folder, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    assert.deepEqual(folders.sort(), Object.keys(recipes).sort());
  });

  it("use no base image, and start a program that is in the image", async () => {
    for (const [name, recipe] of Object.entries<Recipe>(recipes)) {
      const text = await readFile(join(folder, name, "Containerfile"), "utf8");
      assert.match(text, /^FROM scratch$/m, name);
      const [, entry] = /^ENTRYPOINT \["\/?([^"]+)"/m.exec(text) ?? [];
      const isInTree = recipe.trees?.some((tree) => tree === "postgresql" || tree === "catatonit") ?? false;
      if (entry === undefined || isInTree) {
        continue;
      }
      const isCopied = [...(recipe.programs ?? []), ...(recipe.files ?? [])].some(({ inside }) =>
        inside.endsWith(`/${entry}`),
      );
      const link = await lstat(join(folder, name, "root", entry)).catch(() => undefined);
      assert.ok(isCopied || link?.isSymbolicLink(), `${name} starts ${entry}`);
    }
  });

  it("replace different published images, each with a registry and a version", () => {
    const references = Object.values(recipes).map((recipe) => recipe.reference);
    assert.equal(new Set(references).size, references.length);
    for (const reference of references) {
      assert.match(reference, /^[a-z0-9.-]+\.[a-z]+\/[a-z0-9./-]+:[A-Za-z0-9.-]+$/);
    }
  });
});
