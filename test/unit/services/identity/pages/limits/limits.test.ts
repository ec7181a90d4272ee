import assert from "node:assert/strict";
import { mock } from "node:test";
import { Limited, Limits, type Guess } from "../../../../../../services/identity/pages/limits/limits.ts";

const guess: Guess = { kind: "password", client: "192.0.2.1", account: "ada@bibind.test", browser: undefined };

describe("Limits", () => {
  let limits: Limits;

  beforeEach(() => {
    mock.timers.enable({ apis: ["Date", "setTimeout"] });
    limits = new Limits(1);
  });

  afterEach(() => mock.timers.reset());

  /** Makes guesses until one is refused. @returns how many were made, and the limit that refused */
  async function until(next: (index: number) => Guess): Promise<[made: number, limit: string]> {
    for (let made = 0; made < 1000; made += 1) {
      const counted = await limits.take(next(made));
      if (counted instanceof Limited) {
        return [made, counted.limit];
      }
    }
    throw new Error("no limit was reached");
  }

  it("refuse the guesses of one client at one account first", async () => {
    assert.deepEqual(await until(() => guess), [10, "password.pair"]);
    const other = await limits.take({ ...guess, client: "192.0.2.2" });
    assert(!(other instanceof Limited), "one client does not use up the limit of the account");
  });

  it("refuse many clients at one account", async () => {
    assert.deepEqual(await until((index) => ({ ...guess, client: `client-${index}` })), [100, "password.account"]);
  });

  it("refuse one client at many accounts", async () => {
    assert.deepEqual(await until((index) => ({ ...guess, account: `person-${index}` })), [60, "password.client"]);
  });

  it("refuse a client over its limit before they count anything for the addresses that it makes up", async () => {
    await until((index) => ({ ...guess, client: `client-${index}` }));
    await until((index) => ({ ...guess, account: `person-${index}` }));
    assert.deepEqual(await until(() => guess), [0, "password.client"]);
  });

  it("count the guesses of a known browser alone", async () => {
    await until(() => guess);
    await until((index) => ({ ...guess, client: `client-${index}` }));
    assert.deepEqual(await until(() => ({ ...guess, browser: "own" })), [10, "password.browser"]);
    const other = await limits.take({ ...guess, browser: "other" });
    assert(!(other instanceof Limited));
  });

  it("refuse many known browsers of one account: a thief of the password can make them", async () => {
    assert.deepEqual(await until((index) => ({ ...guess, browser: `browser-${index}` })), [100, "password.browsers"]);
  });

  it("count each kind of guess on its own", async () => {
    await until(() => guess);
    assert(!((await limits.take({ ...guess, kind: "mail" })) instanceof Limited));
  });

  it("count a guess without an address for its client", async () => {
    assert.deepEqual(await until(() => ({ ...guess, kind: "code", account: undefined })), [60, "code.client"]);
  });

  it("do not count a guess that one limit refuses under the others", async () => {
    await until(() => guess);
    for (let count = 0; count < 100; count += 1) {
      await limits.take(guess);
    }
    assert.deepEqual(await until((index) => ({ ...guess, account: `person-${index}` })), [50, "password.client"]);
  });

  it("do not count what is given back", async () => {
    for (let count = 0; count < 200; count += 1) {
      const counted = await limits.take(guess);
      assert(!(counted instanceof Limited));
      await counted.giveBack();
    }
  });

  it("report a limit once in ten minutes", async () => {
    await until(() => guess);
    const refused = async (): Promise<unknown> => {
      const counted = await limits.take({ ...guess, kind: "mail" });
      return counted instanceof Limited && counted.isNew;
    };
    assert.deepEqual(await until(() => ({ ...guess, kind: "mail" })), [5, "mail.pair"]);
    assert.equal(await refused(), false);
    mock.timers.tick(600_000);
    assert.equal(await refused(), true);
    assert.equal(await refused(), false);
  });
});
