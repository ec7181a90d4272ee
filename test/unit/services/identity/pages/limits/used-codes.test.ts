import assert from "node:assert/strict";
import { mock } from "node:test";
import { UsedCodes } from "../../../../../../services/identity/pages/limits/used-codes.ts";

describe("UsedCodes", () => {
  beforeEach(() => mock.timers.enable({ apis: ["Date", "setTimeout"] }));
  afterEach(() => mock.timers.reset());

  it("give a code to one claim at a time, and to the next one after the code's lifetime", async () => {
    const codes = new UsedCodes();
    const claims = await Promise.all([codes.claim("ada", "123456"), codes.claim("ada", "123456")]);
    assert.deepEqual(claims, [true, false]);
    mock.timers.tick(89_000);
    assert.equal(await codes.claim("ada", "123456"), false);
    mock.timers.tick(1000);
    assert.equal(await codes.claim("ada", "123456"), true);
  });

  it("are codes of one account", async () => {
    const codes = new UsedCodes();
    assert.equal(await codes.claim("ada", "123456"), true);
    assert.equal(await codes.claim("bob", "123456"), true);
  });

  it("do not have a code that was wrong", async () => {
    const codes = new UsedCodes();
    await codes.claim("ada", "123456");
    await codes.release("ada", "123456");
    assert.equal(await codes.claim("ada", "123456"), true);
  });
});
