import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { OperatorError } from "../../../../components/errors/operator-error.ts";
import { until } from "../../../../sandbox/builds/until.ts";
import { build, buildEvents, type BuildRequest } from "../../../../sandbox/builds/store.ts";
import { useCacheFolder } from "../../../support/cache-folder.ts";

/** A promise that the test settles. */
function gate(): { passed: Promise<void>; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  return {
    passed: promise.then(() => undefined),
    open: () => {
      resolve(undefined);
    },
  };
}

describe("the build store", () => {
  useCacheFolder();

  /** A build that writes one file and counts how often it runs. */
  function counted(name: string, options: Partial<BuildRequest> = {}): { request: BuildRequest; runs: () => number } {
    let runs = 0;
    const request: BuildRequest = {
      name,
      inputs: { version: "1" },
      produce: async (into) => {
        runs += 1;
        await writeFile(join(into, "content"), name);
      },
      ...options,
    };
    return { request, runs: () => runs };
  }

  it("builds the same inputs once, also when they are asked for twice at a time", async () => {
    const { request, runs } = counted("once");
    const [one, other] = await Promise.all([build(request), build(request)]);
    assert.equal(one, other);
    assert.equal(await build(request), one);
    assert.equal(runs(), 1);
    assert.equal(await readFile(join(one, "content"), "utf8"), "once");
  });

  it("builds other inputs again", async () => {
    const { request, runs } = counted("changed");
    await build(request);
    await build({ ...request, inputs: { version: "2" } });
    assert.equal(runs(), 2);
  });

  it("downloads before it produces, and neither when the store has the result", async () => {
    const order: string[] = [];
    const { request } = counted("ordered", {
      download: async (log) => {
        order.push("download");
        await writeFile(log, "downloaded");
      },
      produce: () => {
        order.push("produce");
        return Promise.resolve();
      },
    });
    await build(request);
    await build(request);
    assert.deepEqual(order, ["download", "produce"]);
  });

  it("compiles two things at a time, and runs other builds beside them", async () => {
    const started: string[] = [];
    const { passed, open } = gate();
    const compiled = (name: string): BuildRequest =>
      counted(name, {
        compiles: true,
        produce: async () => {
          started.push(name);
          await passed;
        },
      }).request;
    const compiling = ["a", "b", "c"].map((name) => build(compiled(name)));
    await until(() => Promise.resolve(started.length >= 2), { pause: 1, seconds: 10 });
    await build(counted("beside").request);
    const beforeTheEnd = started.length;
    open();
    await Promise.all(compiling);
    assert.equal(beforeTheEnd, 2);
    assert.deepEqual([...started].sort(), ["a", "b", "c"]);
  });

  it("leaves nothing behind when a build fails, and says where its log is", async () => {
    const failing = counted("broken", {
      produce: async (_into, log) => {
        await writeFile(log, "line of the compiler");
        throw new Error("exit code 1");
      },
    }).request;
    await assert.rejects(build(failing), (error) => {
      assert.ok(error instanceof OperatorError);
      assert.match(error.message, /building broken failed: exit code 1\nline of the compiler/);
      assert.match(error.message, /build-broken\.log/);
      return true;
    });
    const { request, runs } = counted("broken");
    await build(request);
    assert.equal(runs(), 1);
  });

  it("reports each thing that is ready, with 0 seconds when the store had it", async () => {
    const ready: [string, boolean][] = [];
    const note = (name: string, seconds: number): void => {
      ready.push([name, seconds > 0]);
    };
    buildEvents.on("ready", note);
    await build(counted("reported").request);
    await build(counted("reported").request);
    buildEvents.off("ready", note);
    assert.deepEqual(ready, [
      ["reported", true],
      ["reported", false],
    ]);
  });
});
