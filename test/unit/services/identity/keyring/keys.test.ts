import assert from "node:assert/strict";
import { declaredKeys, keyringChange } from "../../../../../services/identity/keyring/keys.ts";

const keys = { secretsSystem: { length: 32 }, secretsCookie: { length: 40 } };

describe("a keyring", () => {
  it("is created with every declared key, of its length and of letters and digits", () => {
    const { values, renewed: names } = keyringChange({}, keys, { rotate: false, keep: 3 });
    assert.deepEqual(names, ["secretsSystem", "secretsCookie"]);
    assert.match(values["secretsSystem"] ?? "", /^[A-Za-z0-9]{32}$/);
    assert.match(values["secretsCookie"] ?? "", /^[A-Za-z0-9]{40}$/);
  });

  it("never gets the same value twice", () => {
    const created = Array.from(
      { length: 50 },
      () => keyringChange({}, keys, { rotate: false, keep: 3 }).values["secretsSystem"],
    );
    assert.equal(new Set(created).size, created.length);
  });

  it("gets only new keys without --rotate", () => {
    const current = { secretsSystem: "a", other: "kept" };
    const { values, renewed: names } = keyringChange(current, keys, { rotate: false, keep: 3 });
    assert.deepEqual(names, ["secretsCookie"]);
    assert.equal(values["secretsSystem"], "a");
    assert.equal(values["other"], "kept");
    assert.deepEqual(keyringChange(values, keys, { rotate: false, keep: 3 }).renewed, []);
  });

  it("gets a new first value with --rotate, and keeps the previous ones up to the limit", () => {
    const current = { secretsSystem: "c,b,a", secretsCookie: "x", other: "kept" };
    const { values, renewed: names } = keyringChange(current, keys, { rotate: true, keep: 3 });
    assert.deepEqual(names, ["secretsSystem", "secretsCookie"]);
    assert.match(values["secretsSystem"] ?? "", /^[A-Za-z0-9]{32},c,b$/);
    assert.match(values["secretsCookie"] ?? "", /^[A-Za-z0-9]{40},x$/);
    assert.equal(values["other"], "kept");
  });

  it("needs keys, each long enough not to be guessed", () => {
    assert.equal(declaredKeys.safeParse({}).success, false);
    assert.equal(declaredKeys.safeParse({ a: { length: 8 } }).success, false);
    assert.equal(declaredKeys.safeParse({ "a,b": { length: 32 } }).success, false);
    assert.equal(declaredKeys.safeParse({ secretsCipher: { length: 32 } }).success, true);
  });
});
