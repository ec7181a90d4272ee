import assert from "node:assert/strict";
import { mock } from "node:test";
import { Limit } from "../../../../../../services/identity/pages/limits/limit.ts";

const minute = { tries: 3, seconds: 60 };
const hour = { tries: 5, seconds: 3600 };

describe("Limit", () => {
  beforeEach(() => mock.timers.enable({ apis: ["Date", "setTimeout"] }));
  afterEach(() => mock.timers.reset());

  it("allows the tries of a window, then says how long to wait, and allows them again afterwards", async () => {
    const limit = new Limit([minute]);
    for (const expected of [undefined, undefined, undefined, 60, 60]) {
      assert.equal(await limit.take("ada"), expected);
    }
    mock.timers.tick(45_500);
    assert.equal(await limit.take("ada"), 15);
    mock.timers.tick(14_500);
    assert.equal(await limit.take("ada"), undefined);
  });

  it("allows no more tries when they come at the same time", async () => {
    const limit = new Limit([minute]);
    const waits = await Promise.all(Array.from({ length: 20 }, () => limit.take("ada")));
    assert.equal(waits.filter((wait) => wait === undefined).length, 3);
  });

  it("counts each key on its own", async () => {
    const limit = new Limit([{ tries: 1, seconds: 60 }]);
    assert.equal(await limit.take("ada"), undefined);
    assert.equal(await limit.take("bob"), undefined);
    assert.equal(await limit.take("ada"), 60);
  });

  it("makes a patient person wait for the long window", async () => {
    const limit = new Limit([minute, hour]);
    const allowed = async (): Promise<number> => {
      const waits = await Promise.all(Array.from({ length: 5 }, () => limit.take("ada")));
      return waits.filter((wait) => wait === undefined).length;
    };
    assert.equal(await allowed(), 3);
    mock.timers.tick(60_000);
    assert.equal(await allowed(), 2, "what one window refuses does not count in the other");
    mock.timers.tick(60_000);
    assert.equal(await limit.take("ada"), 3600 - 120);
  });

  it("does not count a try that is given back, and gives back no more than it counted", async () => {
    const limit = new Limit([minute]);
    for (let count = 0; count < 10; count += 1) {
      assert.equal(await limit.take("ada"), undefined);
      await limit.giveBack("ada");
    }
    await limit.giveBack("ada");
    const waits = [await limit.take("ada"), await limit.take("ada"), await limit.take("ada"), await limit.take("ada")];
    assert.deepEqual(waits, [undefined, undefined, undefined, 60]);
  });

  it("gives each of several servers its part, and at least one try", async () => {
    const allowed = async (limit: Limit): Promise<number> => {
      const waits = await Promise.all(Array.from({ length: 20 }, () => limit.take("ada")));
      return waits.filter((wait) => wait === undefined).length;
    };
    assert.equal(await allowed(new Limit([{ tries: 10, seconds: 60 }], 3)), 3);
    assert.equal(await allowed(new Limit([{ tries: 5, seconds: 60 }], 9)), 1);
  });
});
