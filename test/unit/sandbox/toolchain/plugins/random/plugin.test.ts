import assert from "node:assert/strict";
import { RandomPlugin } from "../../../../../../sandbox/toolchain/plugins/random/plugin.ts";
import { PluginClient, secret, unknownMarker } from "../server/client.ts";

const password = "random:index/randomPassword:RandomPassword";
const bytes = "random:index/randomBytes:RandomBytes";

describe("The random plugin", () => {
  let client: PluginClient;

  beforeEach(async () => {
    client = await PluginClient.serve(new RandomPlugin());
  });
  afterEach(() => client.stop());

  it("generates a password of the requested characters and keeps it secret", async () => {
    const inputs = { length: 40, upper: false, special: true, overrideSpecial: "_", minNumeric: 15, minSpecial: 10 };
    const { id, outputs } = await client.create(password, inputs);
    assert.equal(id, "none");
    const result = valueOf(outputs.result);
    assert.deepEqual(outputs.result, secret(result));
    assert.match(result, /^[a-z0-9_]{40}$/);
    assert.ok(result.replace(/\D/g, "").length >= 15);
    assert.ok(result.replace(/[^_]/g, "").length >= 10);
    assert.equal(outputs.lower, true);
  });

  it("generates another password each time", async () => {
    const [first, second] = [
      await client.create(password, { length: 30 }),
      await client.create(password, { length: 30 }),
    ];
    assert.notEqual(valueOf(first.outputs.result), valueOf(second.outputs.result));
  });

  it("generates the requested number of bytes in both notations and keeps them secret", async () => {
    const { id, outputs } = await client.create(bytes, { length: 32 });
    assert.equal(id, "none");
    const generated = Buffer.from(valueOf(outputs.base64), "base64");
    assert.equal(generated.length, 32);
    assert.equal(valueOf(outputs.hex), generated.toString("hex"));
    assert.deepEqual(outputs.base64, secret(generated.toString("base64")));
    assert.deepEqual(outputs.hex, secret(generated.toString("hex")));
    const other = await client.create(bytes, { length: 32 });
    assert.notEqual(valueOf(other.outputs.base64), generated.toString("base64"));
  });

  it("replaces bytes when their number changes, and refuses a length of 0", async () => {
    assert.deepEqual((await client.diff(bytes, { length: 32 }, { length: 64 })).replacesList, ["length"]);
    assert.deepEqual((await client.diff(bytes, { length: 32 }, { length: 32 })).diffsList, []);
    const { failures } = await client.check(bytes, { length: 0 });
    assert.deepEqual(
      failures.map(({ property }) => property),
      ["length"],
    );
  });

  it("leaves the result unknown in a preview", async () => {
    assert.deepEqual((await client.create(password, { length: 5 }, true)).outputs.result, secret(unknownMarker));
  });

  it("replaces a password when a keeper or a rule changes, but not when an input is set to its default", async () => {
    const replaced = await client.diff(
      password,
      { length: 5, keepers: { a: "1" } },
      { length: 5, keepers: { a: "2" } },
    );
    assert.deepEqual(replaced.replacesList, ["keepers"]);
    const same = await client.diff(password, { length: 5 }, { length: 5, upper: true, numeric: true });
    assert.deepEqual(same.diffsList, []);
  });

  it("refuses an unknown property by name, and inputs that no password can satisfy", async () => {
    const { failures } = await client.check(password, { lenght: 5 });
    assert.deepEqual(failures.map(({ property }) => property).sort(), ["length", "lenght"].sort());
    assert.match(failures.map(({ reason }) => reason).join(), /did you mean length\?/);
    const impossible = await client.check(password, { length: 2, minLower: 3 });
    assert.match(impossible.failures[0]?.reason ?? "", /length is 2, but .* require 3/);
  });

  it("refuses a resource type that it does not have, by its token", async () => {
    const refused =
      /the resource type random:index\/randomId:RandomId is not known[^]*use random:index\/randomPassword/;
    await assert.rejects(client.check("random:index/randomId:RandomId", { byteLength: 8 }), refused);
    await assert.rejects(client.create("random:index/randomId:RandomId", { byteLength: 8 }), refused);
  });

  it("refuses every provider setting by its name", async () => {
    await client.configure({});
    await assert.rejects(client.configure({ seed: "1" }), /the provider setting seed is not known/);
  });

  it("reads a password from the state, and refuses to import one", async () => {
    const { outputs } = await client.read(password, "none", { length: 5 }, { length: 5, result: secret("abcde") });
    assert.deepEqual(outputs.result, secret("abcde"));
    await assert.rejects(client.read(password, "abcde", {}, {}), /RandomPassword cannot be imported/);
  });

  it("accepts an unknown value in a check", async () => {
    assert.deepEqual((await client.check(password, { length: unknownMarker })).failures, []);
  });
});

function textOf(value: unknown): string {
  assert.ok(typeof value === "string");
  return value;
}

function valueOf(wrapped: unknown): string {
  assert.ok(typeof wrapped === "object" && wrapped !== null && "value" in wrapped);
  return textOf(wrapped.value);
}
