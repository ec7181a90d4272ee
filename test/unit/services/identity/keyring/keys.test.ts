import assert from "node:assert/strict";
import { declaredKeys, renewed } from "../../../../../services/identity/keyring/keys.ts";

const keys = { secretsSystem: { length: 32 }, secretsCookie: { length: 40 } };

describe("a keyring", () => {
  it("is made with every declared key, each of its length and of letters and digits", () => {
    const { values, renewed: names } = renewed({}, keys, { rotate: false, keep: 3 });
    assert.deepEqual(names, ["secretsSystem", "secretsCookie"]);
    assert.match(values["secretsSystem"] ?? "", /^[A-Za-z0-9]{32}$/);
    assert.match(values["secretsCookie"] ?? "", /^[A-Za-z0-9]{40}$/);
  });

  it("never makes the same value twice", () => {
    const made = Array.from(
      { length: 50 },
      () => renewed({}, keys, { rotate: false, keep: 3 }).values["secretsSystem"],
    );
    assert.equal(new Set(made).size, made.length);
  });

  it("stays as it is without --rotate, but for keys that are newly declared", () => {
    const held = { secretsSystem: "a", other: "kept" };
    const { values, renewed: names } = renewed(held, keys, { rotate: false, keep: 3 });
    assert.deepEqual(names, ["secretsCookie"]);
    assert.equal(values["secretsSystem"], "a");
    assert.equal(values["other"], "kept");
    assert.deepEqual(renewed(values, keys, { rotate: false, keep: 3 }).renewed, []);
  });

  it("puts a new value first and keeps the former, up to their number", () => {
    const held = { secretsSystem: "c,b,a", secretsCookie: "x", other: "kept" };
    const { values, renewed: names } = renewed(held, keys, { rotate: true, keep: 3 });
    assert.deepEqual(names, ["secretsSystem", "secretsCookie"]);
    assert.match(values["secretsSystem"] ?? "", /^[A-Za-z0-9]{32},c,b$/);
    assert.match(values["secretsCookie"] ?? "", /^[A-Za-z0-9]{40},x$/);
    assert.equal(values["other"], "kept");
  });

  it("needs keys, of a length that cannot be guessed", () => {
    assert.equal(declaredKeys.safeParse({}).success, false);
    assert.equal(declaredKeys.safeParse({ a: { length: 8 } }).success, false);
    assert.equal(declaredKeys.safeParse({ "a,b": { length: 32 } }).success, false);
    assert.equal(declaredKeys.safeParse({ secretsCipher: { length: 32 } }).success, true);
  });
});
