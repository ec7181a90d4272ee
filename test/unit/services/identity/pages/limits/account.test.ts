import assert from "node:assert/strict";
import { accountOf } from "../../../../../../services/identity/pages/limits/account.ts";

describe("accountOf", () => {
  for (const [address, account] of [
    ["ada@bibind.test", "ada@bibind.test"],
    [" Ada@Bibind.TEST\n", "ada@bibind.test"],
    // Kratos' lower case of both is an ASCII letter, so they would be new names of the same account.
    ["olİvia@bibind.test", "oli?via@bibind.test"],
    ["mi\u212Ae@bibind.test", "mike@bibind.test"],
    ["a\u0007da@bibind.test", "a?da@bibind.test"],
    ["a da@bibind.test", "a?da@bibind.test"],
  ] as const) {
    it(`reads ${JSON.stringify(address)} as ${account}`, () => {
      assert.equal(accountOf(address), account);
    });
  }
});
