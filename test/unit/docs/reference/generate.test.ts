import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { referenceFiles } from "../../../../docs/reference/generate.ts";

const folder = new URL("../../../../docs/reference/", import.meta.url);

describe("the committed reference", () => {
  it("is the one that the code makes today (make reference)", async () => {
    for (const [name, content] of Object.entries(await referenceFiles())) {
      const committed = readFileSync(new URL(name, folder), "utf8");
      assert.equal(committed, content, `docs/reference/${name} is outdated: run make reference`);
    }
  });

  it("holds no file that the code does not make", async () => {
    const committed = readdirSync(folder).filter((name) => !name.endsWith(".ts"));
    assert.deepEqual(committed.sort(), Object.keys(await referenceFiles()).sort());
  });
});
