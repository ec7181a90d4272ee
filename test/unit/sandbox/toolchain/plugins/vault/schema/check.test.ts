import { deepStrictEqual, match, notStrictEqual, strictEqual } from "node:assert/strict";
import { unknown, type Properties } from "../../../../../../../sandbox/toolchain/plugins/server/values.ts";
import { checked } from "../../../../../../../sandbox/toolchain/plugins/vault/schema/check.ts";
import { rowOf } from "../../../../../../../sandbox/toolchain/plugins/vault/table/index.ts";
import type { Row } from "../../../../../../../sandbox/toolchain/plugins/vault/schema/row.ts";

function row(type: string): Row {
  const found = rowOf(type);
  if (found === undefined) {
    throw new Error(type);
  }
  return found;
}

const seed = new Uint8Array([1, 2, 3, 4]);
const mount = row("vault:index/mount:Mount");
const policy = row("vault:index/policy:Policy");

function reasons(of: Row, news: Properties): string[] {
  return checked(of, "it", {}, news, seed).failures.map(({ property, reason }) => `${property}: ${reason}`);
}

describe("Checking the inputs of a Vault resource", () => {
  it("refuses an unknown property by name, with the nearest known one", () => {
    deepStrictEqual(reasons(mount, { path: "kv", type: "kv", descripton: "x" }), [
      'descripton: vault:index/mount:Mount has no such property; did you mean "description"?',
    ]);
  });

  it("says why it refuses a property of the SDK", () => {
    match(reasons(mount, { path: "kv", type: "kv", sealWrap: true })[0] ?? "", /sealWrap: .*only Vault Enterprise/);
  });

  it("refuses an output as an input", () => {
    match(reasons(mount, { path: "kv", type: "kv", accessor: "x" })[0] ?? "", /accessor: .*no such property/);
  });

  it("names what is missing and what has the wrong form", () => {
    deepStrictEqual(reasons(mount, { path: 3, options: { version: 2 }, defaultLeaseTtlSeconds: "1h", local: "no" }), [
      "path: must be a text",
      "options: must map names to texts",
      "defaultLeaseTtlSeconds: must be a whole number",
      "local: must be true or false",
      "type: is required",
    ]);
  });

  it("looks into JSON, durations and blocks", () => {
    const secret = row("vault:kv/secretV2:SecretV2");
    match(reasons(secret, { mount: "kv", dataJson: "[1]" })[0] ?? "", /dataJson: must be the JSON text of an object/);
    const role = row("vault:pkiSecret/secretBackendRole:SecretBackendRole");
    match(reasons(role, { backend: "pki", ttl: "soon" })[0] ?? "", /ttl: must be a duration/);
    const connection = row("vault:database/secretBackendConnection:SecretBackendConnection");
    deepStrictEqual(reasons(connection, { backend: "db", postgresql: { conectionUrl: "x" } }), [
      'postgresql.conectionUrl: is not known here; did you mean "connectionUrl"?',
    ]);
  });

  it("says why it refuses what OpenBao would ignore inside a block", () => {
    const connection = row("vault:database/secretBackendConnection:SecretBackendConnection");
    deepStrictEqual(reasons(connection, { backend: "db", postgresql: { connectionUrl: "x", tlsCa: "PEM" } }), [
      "postgresql.tlsCa: the sandbox's vault plugin does not take it: OpenBao does not read it; " +
        "name a file of its own machine in connectionUrl by sslrootcert=FILE",
    ]);
  });

  it("lets pass what a preview does not know yet", () => {
    deepStrictEqual(reasons(mount, { path: unknown, type: "kv", options: { version: unknown } }), []);
  });

  it("holds the rules between properties", () => {
    const role = row("vault:database/secretBackendStaticRole:SecretBackendStaticRole");
    const program = { backend: "db", dbName: "main", username: "app" };
    match(reasons(role, program)[0] ?? "", /exactly one of rotationPeriod, rotationSchedule/);
    deepStrictEqual(reasons(role, { ...program, rotationPeriod: 60 }), []);
    const secret = row("vault:kv/secretV2:SecretV2");
    match(reasons(secret, { mount: "kv", dataJsonWo: "{}" })[0] ?? "", /goes together with dataJsonWoVersion/);
  });

  it("adds the vendor's defaults, in blocks too", () => {
    const key = row("vault:transit/secretBackendKey:SecretBackendKey");
    const { inputs } = checked(key, "it", {}, { backend: "seal", name: "key" }, seed);
    strictEqual(inputs.type, "aes256-gcm96");
    const connection = row("vault:database/secretBackendConnection:SecretBackendConnection");
    const program = { backend: "db", name: "main", postgresql: { username: "a" } };
    deepStrictEqual(checked(connection, "it", {}, program, seed).inputs.postgresql, {
      passwordAuthentication: "password",
      disableEscaping: false,
      maxOpenConnections: 2,
      maxIdleConnections: 0,
      maxConnectionLifetime: 0,
      username: "a",
    });
  });

  it("takes the type for the path of an auth method or audit device without one", () => {
    const method = row("vault:index/authBackend:AuthBackend");
    strictEqual(checked(method, "it", {}, { type: "approle" }, seed).inputs.path, "approle");
    strictEqual(checked(method, "it", {}, { type: "approle", path: "agents" }, seed).inputs.path, "agents");
  });

  it("makes a name from the seed, keeps it, and lets the program's own win", () => {
    const program = { policy: "x" };
    const first = checked(policy, "reader", {}, program, seed).inputs;
    strictEqual(first.name, "reader-0102030");
    strictEqual(checked(policy, "reader", first, program, new Uint8Array([9, 9, 9, 9])).inputs.name, first.name);
    strictEqual(checked(policy, "reader", first, { ...program, name: "own" }, seed).inputs.name, "own");
    notStrictEqual(checked(policy, "reader", { name: "own" }, program, seed).inputs.name, "own");
  });

  it("takes null for not given", () => {
    deepStrictEqual(checked(mount, "it", {}, { path: "kv", type: "kv", description: null }, seed), {
      inputs: { path: "kv", type: "kv" },
      failures: [],
    });
  });
});
