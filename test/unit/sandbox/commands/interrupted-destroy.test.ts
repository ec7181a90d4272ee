import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { stackFolder } from "../../../../sandbox/commands/stack/folder.ts";
import {
  forgetUnfinishedDeletions,
  isDestroyUnfinished,
  markedDestroy,
  noteDeletions,
  removeMark,
  withoutResources,
} from "../../../../sandbox/commands/stack/interrupted-destroy.ts";
import { useCacheFolder } from "../../../support/cache-folder.ts";
import { fakeEngine } from "../../../support/fake-engine.ts";

const killed = (): Promise<number> => markedDestroy(() => Promise.resolve(255));

describe("the mark of a destroy", () => {
  useCacheFolder();

  it("is there while the destroy runs, and is removed when it succeeds", async () => {
    const exitCode = await markedDestroy(() => {
      assert(isDestroyUnfinished());
      return Promise.resolve(0);
    });
    assert.equal(exitCode, 0);
    assert(!isDestroyUnfinished());
  });

  it("stays when the destroy fails or its engine is killed, until an update succeeds", async () => {
    assert.equal(await killed(), 255);
    assert(isDestroyUnfinished());
    await removeMark();
    assert(!isDestroyUnfinished());
  });

  it("stays when a part of the stack is destroyed after an unfinished destroy", async () => {
    await killed();
    await markedDestroy(() => Promise.resolve(0));
    assert(isDestroyUnfinished());
  });
});

describe("what a killed destroy was deleting", () => {
  useCacheFolder();

  it("is forgotten once before the next update", async () => {
    const engine = await fakeEngine({ export: { deployment: { resources: [{ urn: "urn:a" }, { urn: "urn:b" }] } } });
    await killed();
    await noteDeletions(["urn:a"]);
    await noteDeletions(["urn:a", "urn:gone"]);
    await forgetUnfinishedDeletions(engine);
    await forgetUnfinishedDeletions(engine);
    const imported = await readFile(stackFolder("imported"), "utf8");
    assert.deepEqual(JSON.parse(imported), { deployment: { resources: [{ urn: "urn:b" }] } });
    assert.equal((await readFile(stackFolder("commands"), "utf8")).match(/stack import/g)?.length, 1);
    assert(isDestroyUnfinished(), "the update still has to read what is left");
  });

  it("is not noted for an update: the program decides what becomes of a resource that an update was deleting", async () => {
    await noteDeletions(["urn:a"]);
    assert(!isDestroyUnfinished());
  });
});

describe("a state without some resources", () => {
  const provider = { urn: "urn:provider", id: "1" };
  const namespace = { urn: "urn:space", provider: "urn:provider::1" };
  const pod = { urn: "urn:space-pod", provider: "urn:provider::1", dependencies: ["urn:space"] };

  function assertRest(resources: readonly object[], removed: readonly string[], rest: readonly object[]): void {
    const state = JSON.stringify({ version: 3, deployment: { resources } });
    assert.deepEqual(JSON.parse(withoutResources(state, removed)), { version: 3, deployment: { resources: rest } });
  }

  it("has all others, in their order", () => {
    assertRest([provider, namespace, pod], ["urn:space-pod"], [provider, namespace]);
    assertRest([provider, namespace, pod], ["urn:space-pod", "urn:space"], [provider]);
  });

  it("keeps what another resource refers to", () => {
    assertRest([provider, namespace, pod], ["urn:space"], [provider, namespace, pod]);
    assertRest([provider, namespace], ["urn:provider"], [provider, namespace]);
  });

  it("does not take the start of another name for a reference", () => {
    const other = { urn: "urn:space-pod", id: "2" };
    assertRest([namespace, other], ["urn:space"], [other]);
  });
});
