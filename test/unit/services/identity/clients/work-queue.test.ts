import assert from "node:assert/strict";
import { mock } from "node:test";
import { WorkQueue } from "../../../../../services/identity/clients/work-queue.ts";

describe("the work queue", () => {
  /** Runs the queue until `work` was called as often as `results` has entries; the keys in the order of the calls. */
  async function run(
    queue: WorkQueue,
    results: readonly boolean[],
    during?: (call: number) => void,
  ): Promise<string[]> {
    const stop = new AbortController();
    const keys: string[] = [];
    await queue.run((key) => {
      const result = results[keys.length] ?? true;
      keys.push(key);
      during?.(keys.length);
      if (keys.length === results.length) {
        stop.abort();
      }
      return Promise.resolve(result);
    }, stop.signal);
    return keys;
  }
  const queueOf = (...keys: readonly string[]): WorkQueue => {
    const queue = new WorkQueue({ firstMilliseconds: 1, longestMilliseconds: 4 });
    keys.forEach((key) => queue.add(key));
    return queue;
  };

  it("gives each key once, in the order in which they came", async () => {
    assert.deepEqual(await run(queueOf("a", "b", "a", "c"), [true, true, true]), ["a", "b", "c"]);
  });

  it("gives a key again that came while it was worked on", async () => {
    const queue = queueOf("a");
    const addAgain = (call: number): void => {
      if (call === 1) {
        queue.add("a");
      }
    };
    assert.deepEqual(await run(queue, [true, true], addAgain), ["a", "a"]);
  });

  it("retries a key that failed, after the others", async () => {
    assert.deepEqual(await run(queueOf("a", "b"), [false, true, true]), ["a", "b", "a"]);
  });

  it("doubles the pause before each retry, up to the longest one", async () => {
    mock.timers.enable({ apis: ["Date", "setTimeout"], now: 0 });
    const times: number[] = [];
    const ended = run(queueOf("a"), [false, false, false, false, false], () => times.push(Date.now()));
    while (times.length < 5) {
      await new Promise(setImmediate);
      mock.timers.tick(1);
    }
    await ended;
    mock.timers.reset();
    assert.deepEqual(times, [0, 1, 3, 7, 11]);
  });

  it("makes a key due at once that waits for its retry", async () => {
    const queue = new WorkQueue({ firstMilliseconds: 3_600_000, longestMilliseconds: 3_600_000 });
    queue.add("a");
    const addLater = (call: number): void => {
      if (call === 1) {
        setImmediate(() => queue.add("a"));
      }
    };
    assert.deepEqual(await run(queue, [false, true], addLater), ["a", "a"]);
  });

  it("ends when the signal aborts while it waits", async () => {
    const stop = new AbortController();
    setImmediate(() => stop.abort());
    await queueOf().run(() => Promise.reject(new Error("there is no key")), stop.signal);
  });
});
