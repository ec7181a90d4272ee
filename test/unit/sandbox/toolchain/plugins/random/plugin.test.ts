import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { bcrypt } from "../../../../../../sandbox/toolchain/plugins/random/bcrypt.ts";
import { RandomPlugin } from "../../../../../../sandbox/toolchain/plugins/random/plugin.ts";
import { PluginClient, secret, unknownMarker } from "../server/client.ts";

const password = "random:index/randomPassword:RandomPassword";
const bytes = "random:index/randomBytes:RandomBytes";
const text = "random:index/randomString:RandomString";
const identifier = "random:index/randomId:RandomId";
const uuid = "random:index/randomUuid:RandomUuid";
const integer = "random:index/randomInteger:RandomInteger";

describe("The random plugin", () => {
  let client: PluginClient;

  beforeEach(async () => {
    client = await PluginClient.serve(new RandomPlugin());
  });
  afterEach(() => client.stop());

  it("makes a string of the kinds of characters that were asked for", async () => {
    const inputs = { length: 40, upper: false, special: true, overrideSpecial: "_", minNumeric: 15, minSpecial: 10 };
    const { id, outputs } = await client.create(text, inputs);
    const result = textOf(outputs.result);
    assert.equal(id, result);
    assert.match(result, /^[a-z0-9_]{40}$/);
    assert.ok(result.replace(/\D/g, "").length >= 15);
    assert.ok(result.replace(/[^_]/g, "").length >= 10);
    assert.equal(outputs.lower, true);
  });

  it("makes other characters each time", async () => {
    const [first, second] = [await client.create(text, { length: 30 }), await client.create(text, { length: 30 })];
    assert.notEqual(first.id, second.id);
  });

  it("keeps a password and its hash secret, and the hash is that of the password", async () => {
    const { id, outputs } = await client.create(password, { length: 24 });
    assert.equal(id, "none");
    const plain = Object.entries(outputs).filter(([, value]) => typeof value !== "object");
    assert.ok(!plain.some(([name]) => name === "result" || name === "bcryptHash"));
    assert.deepEqual(outputs.result, secret(valueOf(outputs.result)));
    assert.ok(hashes(valueOf(outputs.result), valueOf(outputs.bcryptHash)));
  });

  it("hashes as the system's own bcrypt does, beyond 72 bytes too", () => {
    const long = "é".repeat(50);
    assert.ok(hashes(long, bcrypt(long, 5)));
    assert.ok(!hashes("another", bcrypt("one", 5)));
  });

  it("makes an id of so many bytes in each of its forms, with the prefix", async () => {
    const { id, outputs } = await client.create(identifier, { byteLength: 8, prefix: "p-" });
    const hex = textOf(outputs.hex).slice(2);
    assert.match(hex, /^[0-9a-f]{16}$/);
    assert.equal(outputs.dec, `p-${BigInt(`0x${hex}`)}`);
    assert.equal(outputs.b64Url, `p-${id}`);
    assert.equal(Buffer.from(id, "base64url").toString("hex"), hex);
  });

  it("makes so many bytes, in both forms, and keeps them secret", async () => {
    const { id, outputs } = await client.create(bytes, { length: 32 });
    assert.equal(id, "none");
    const made = Buffer.from(valueOf(outputs.base64), "base64");
    assert.equal(made.length, 32);
    assert.equal(valueOf(outputs.hex), made.toString("hex"));
    assert.deepEqual(outputs.base64, secret(made.toString("base64")));
    assert.deepEqual(outputs.hex, secret(made.toString("hex")));
    const other = await client.create(bytes, { length: 32 });
    assert.notEqual(valueOf(other.outputs.base64), made.toString("base64"));
  });

  it("makes other bytes when their number or a keeper changes, and refuses to make none", async () => {
    assert.deepEqual((await client.diff(bytes, { length: 32 }, { length: 64 })).replacesList, ["length"]);
    assert.deepEqual((await client.diff(bytes, { length: 32 }, { length: 32 })).diffsList, []);
    const { failures } = await client.check(bytes, { length: 0 });
    assert.deepEqual(
      failures.map(({ property }) => property),
      ["length"],
    );
  });

  it("makes a UUID, and an integer within its bounds", async () => {
    assert.match((await client.create(uuid, {})).id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.equal((await client.create(integer, { min: 7, max: 7 })).outputs.result, 7);
  });

  it("leaves the result unknown in a preview", async () => {
    assert.equal((await client.create(text, { length: 5 }, true)).outputs.result, unknownMarker);
  });

  it("is replaced when a keeper or a rule changes, and not when a default is spelled out", async () => {
    const replaced = await client.diff(text, { length: 5, keepers: { a: "1" } }, { length: 5, keepers: { a: "2" } });
    assert.deepEqual(replaced.replacesList, ["keepers"]);
    const same = await client.diff(text, { length: 5 }, { length: 5, upper: true, numeric: true });
    assert.deepEqual(same.diffsList, []);
  });

  it("refuses by name what it does not know and what cannot be", async () => {
    const { failures } = await client.check(text, { lenght: 5 });
    assert.deepEqual(failures.map(({ property }) => property).sort(), ["length", "lenght"].sort());
    assert.match(failures.map(({ reason }) => reason).join(), /did you mean length\?/);
    const impossible = await client.check(text, { length: 2, minLower: 3 });
    assert.match(impossible.failures[0]?.reason ?? "", /length is 2, but .* ask for 3/);
    await assert.rejects(client.check("random:index/randomPet:RandomPet", {}), /randomPet:RandomPet is not known/);
  });

  it("takes an unknown value in a check", async () => {
    assert.deepEqual((await client.check(text, { length: unknownMarker })).failures, []);
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

/** Asks the C library of this machine. */
function hashes(word: string, hash: string): boolean {
  const program = "print crypt($ARGV[0], $ARGV[1])";
  return execFileSync("perl", ["-e", program, word, hash], { encoding: "utf8" }) === hash;
}
