import assert from "node:assert/strict";
import { loadPasswordLists, type IsGuessable } from "../../../../../services/identity/pages/passwords.ts";

const words = ["bibind", "ada@bibind.test", "ada", "lovelace"];

describe("the lists of passwords", () => {
  let isGuessable: IsGuessable;

  before(async () => {
    isGuessable = await loadPasswordLists();
  });

  for (const password of [
    "password1234",
    "Password2024!",
    "motdepasse2024",
    "azertyuiop123",
    "iloveyou1234",
    "aaaaaaaaaaaaaa",
    "abcabcabcabcabc",
    "soleilsoleil",
    "123456789012",
    "ada@bibind.test",
    "lovelacelovelace",
    "adalovelaceada",
    "AdaLovelace1815",
    "Toulouse31000!",
    "P@ssw0rdP@ssw0rd",
  ]) {
    it(`know ${password} as easy to guess`, () => {
      assert.equal(isGuessable(password, words), true);
    });
  }

  for (const password of ["correct horse battery staple", "cheval agrafe piano nuage", "kV9$tq2LmZx7"]) {
    it(`do not know ${password}`, () => {
      assert.equal(isGuessable(password, words), false);
    });
  }

  it("count the words of the person", () => {
    assert.equal(isGuessable("zorblaxquen", []), false);
    assert.equal(isGuessable("zorblaxquen", ["zorblaxquen"]), true);
  });

  it("judge a hostile password in less than a second", () => {
    isGuessable("4a@5s$0o1l".repeat(2), words);
    const before = process.cpuUsage();
    isGuessable("4a@5s$0o1l".repeat(1000), words);
    const { user, system } = process.cpuUsage(before);
    assert((user + system) / 1e6 < 1, `${user + system} microseconds`);
  });
});
