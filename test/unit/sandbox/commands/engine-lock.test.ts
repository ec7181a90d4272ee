import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runningEngine } from "../../../../sandbox/commands/stack/engine-lock.ts";
import { stackFolder, stackName } from "../../../../sandbox/commands/stack/folder.ts";
import { useCacheFolder } from "../../../support/cache-folder.ts";

describe("the lock of an engine", () => {
  useCacheFolder();

  const locks = (...texts: readonly string[]): void => {
    const folder = stackFolder(".pulumi", "locks", ...stackName.split("/"));
    mkdirSync(folder, { recursive: true });
    texts.forEach((text, index) => {
      writeFileSync(join(folder, `${index}.json`), text);
    });
  };

  it("does not count when the engine was killed while it wrote the lock", async () => {
    for (const text of ["", '{"pid":12', "{}"]) {
      locks(text);
      assert.equal(await runningEngine(), undefined);
    }
  });

  it("does not count when another program now has the process id of the engine", async () => {
    locks(JSON.stringify({ pid: process.pid }));
    assert.equal(await runningEngine(), undefined);
  });
});
