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

  it("is forgotten before the next update", async () => {
    const [one, other] = [
      { urn: "urn:a", type: "t" },
      { urn: "urn:b", type: "t" },
    ];
    const engine = await fakeEngine({ export: { deployment: { resources: [one, other] } } });
    await killed();
    await noteDeletions(["urn:a"]);
    await noteDeletions(["urn:a", "urn:gone"]);
    await forgetUnfinishedDeletions(engine);
    const imported = await readFile(stackFolder("imported"), "utf8");
    assert.deepEqual(JSON.parse(imported), { deployment: { resources: [other] } });
    assert(isDestroyUnfinished(), "the update still has to read what is left");
  });

  it("is assumed to be every step on a host, because a refresh cannot read one", async () => {
    const step = { urn: "urn:step", type: "command:remote:Command" };
    const engine = await fakeEngine({ export: { deployment: { resources: [step] } } });
    await killed();
    await forgetUnfinishedDeletions(engine);
    assert.deepEqual(JSON.parse(await readFile(stackFolder("imported"), "utf8")), { deployment: { resources: [] } });
  });

  it("is nothing when no destroy was killed", async () => {
    const engine = await fakeEngine({ export: { deployment: { resources: [] } } });
    await forgetUnfinishedDeletions(engine);
    await assert.rejects(readFile(stackFolder("imported"), "utf8"), /ENOENT/);
  });

  it("is not noted for an update: the program decides what becomes of a resource that an update was deleting", async () => {
    await noteDeletions(["urn:a"]);
    assert(!isDestroyUnfinished());
  });
});

describe("a state without some resources", () => {
  const type = "test";
  const provider = { urn: "urn:type::provider", type, id: "1" };
  const namespace = { urn: "urn:type::space", type, provider: "urn:type::provider::1" };
  const pod = {
    urn: "urn:type::space-pod",
    type,
    provider: "urn:type::provider::1",
    dependencies: [namespace.urn, "urn:type::other"],
    propertyDependencies: { metadata: [namespace.urn], spec: null },
    deletedWith: namespace.urn,
  };

  function assertRest(resources: readonly object[], removed: readonly string[], rest: readonly object[]): void {
    const state = JSON.stringify({ version: 3, deployment: { resources } });
    const remaining = withoutResources(state, ({ urn }) => removed.includes(urn));
    assert.deepEqual(JSON.parse(remaining), { version: 3, deployment: { resources: rest } });
  }

  it("has all others, in their order", () => {
    assertRest([provider, namespace, pod], [pod.urn], [provider, namespace]);
    assertRest([provider, namespace, pod], [pod.urn, namespace.urn], [provider]);
  });

  it("has no reference to what is removed", () => {
    const rest = {
      urn: pod.urn,
      type,
      provider: pod.provider,
      dependencies: ["urn:type::other"],
      propertyDependencies: { metadata: [], spec: [] },
    };
    assertRest([provider, namespace, pod], [namespace.urn], [provider, rest]);
  });

  it("keeps the parent and the provider of another resource", () => {
    const child = { urn: "urn:type::child", type, parent: namespace.urn };
    assertRest([provider, namespace], [provider.urn], [provider, namespace]);
    assertRest([provider, namespace, child], [namespace.urn], [provider, namespace, child]);
  });
});
