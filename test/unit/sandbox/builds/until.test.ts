import assert from "node:assert/strict";
import { until } from "../../../../sandbox/builds/until.ts";
import { TestClock } from "../../../support/test-clock.ts";

/** Gives these answers one after the other, then the last for ever; counts the looks. */
function answers<T>(...given: readonly (T | false | undefined)[]): {
  look: () => Promise<T | false | undefined>;
  looks: () => number;
} {
  let count = 0;
  return {
    look: () => {
      count += 1;
      return Promise.resolve(given[Math.min(count, given.length) - 1]);
    },
    looks: () => count,
  };
}

describe("waiting until there is something", () => {
  it("looks until it sees something, and gives it", async () => {
    const { look, looks } = answers<string>(undefined, false, "there");
    assert.equal(await until(look, { pause: 1 }), "there");
    assert.equal(looks(), 3);
  });

  it("takes a zero and an empty text for something", async () => {
    assert.equal(await until(() => Promise.resolve(0), { pause: 1, seconds: 0 }), 0);
    assert.equal(await until(() => Promise.resolve(""), { pause: 1, seconds: 0 }), "");
  });

  it("looks once when there is no time, and gives nothing", async () => {
    const { look, looks } = answers<string>(undefined);
    assert.equal(await until(look, { pause: 1, seconds: 0 }), undefined);
    assert.equal(looks(), 1);
  });

  it("ends when its signal does, also in the middle of a pause", async () => {
    const ended = new AbortController();
    const look = (): Promise<string | undefined> => {
      setImmediate(() => {
        ended.abort();
      });
      return Promise.resolve(undefined);
    };
    assert.equal(await until(look, { pause: 60_000, signal: ended.signal }), undefined);
  });

  describe("by the clock", () => {
    let clock: TestClock;
    beforeEach(() => {
      clock = new TestClock();
    });
    afterEach(() => clock.stop());

    it("pauses between two looks, and ends at the first look after its time", async () => {
      const { look, looks } = answers<string>(undefined);
      assert.equal(await until(look, { pause: 400, seconds: 1 }), undefined);
      assert.deepEqual(clock.pauses, [400, 400, 400]);
      assert.equal(looks(), 4);
    });

    it("makes each pause half as long again, up to the longest one, if there is one", async () => {
      const { look } = answers<string>(undefined);
      await until(look, { pause: 100, seconds: 1, longestPause: 300 });
      assert.deepEqual(clock.pauses, [100, 150, 225, 300, 300]);
    });
  });

  it("fails with what the look fails with", async () => {
    await assert.rejects(
      until(() => Promise.reject(new Error("blind")), { pause: 1 }),
      /blind/,
    );
  });
});
