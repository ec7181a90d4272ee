import assert from "node:assert/strict";
import { faultOfEmailAddress } from "../../../../services/identity/email-address.ts";

const longest = `${"l".repeat(64)}@${"d".repeat(63)}.${"d".repeat(63)}.${"d".repeat(57)}.fr`;

describe("an e-mail address", () => {
  for (const address of [
    "ada@bibind.test",
    "ada.lovelace+vault@mail.bibind.test",
    "o'brien@bibind.test",
    "a&b/c=d!e@bibind.test",
    "ada@xn--bcher-kva.example",
    "ada@bibind.xn--p1ai",
    longest,
  ]) {
    it(`may be ${address}`, () => {
      assert.equal(faultOfEmailAddress(address), undefined);
    });
  }

  for (const [address, fault] of [
    ["ada", /no @/],
    ["jürgen@example.com", /ASCII/],
    ["no-reply@bücher.example", /ASCII.*xn--/],
    ["ada @bibind.test", /ASCII/],
    ["ada@bibind.test\n", /ASCII/],
    [".ada@bibind.test", /before the @/],
    ["ada..l@bibind.test", /before the @/],
    ['"ada l"@bibind.test', /ASCII/],
    ["ada(x)@bibind.test", /before the @/],
    ["a@b@bibind.test", /before the @/],
    ["@bibind.test", /before the @/],
    ["ada@localhost", /after the @/],
    ["ada@bibind..test", /after the @/],
    ["ada@-bibind.test", /after the @/],
    ["ada@192.0.2.1", /after the @/],
    ["ada@[192.0.2.1]", /after the @/],
    [`${"l".repeat(65)}@bibind.test`, /longer than 64/],
    [`d${longest}`, /longer than 64 .* 254/],
  ] as const) {
    it(`may not be ${JSON.stringify(address)}`, () => {
      assert.match(faultOfEmailAddress(address) ?? "", fault);
    });
  }
});
