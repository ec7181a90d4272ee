import { deepStrictEqual, match, notStrictEqual, strictEqual } from "node:assert/strict";
import { unknown, type Properties } from "../../../../../../../sandbox/toolchain/plugins/server/values.ts";
import { checked } from "../../../../../../../sandbox/toolchain/plugins/vault/schema/check.ts";
import { rows } from "../../../../../../../sandbox/toolchain/plugins/vault/table/index.ts";
import type { Row } from "../../../../../../../sandbox/toolchain/plugins/vault/schema/row.ts";

function row(type: string): Row {
  const found = rows.get(type);
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

describe("The check of the inputs of a Vault resource", () => {
  it("refuses an unknown property by name and suggests the most similar one", () => {
    deepStrictEqual(reasons(mount, { path: "kv", type: "kv", descripton: "x" }), [
      'descripton: vault:index/mount:Mount has no such property; did you mean "description"?',
    ]);
  });

  it("gives the reason when it refuses a property of the SDK", () => {
    match(reasons(mount, { path: "kv", type: "kv", sealWrap: true })[0] ?? "", /sealWrap: .*only Vault Enterprise/);
  });

  it("refuses an output as an input", () => {
    match(reasons(mount, { path: "kv", type: "kv", accessor: "x" })[0] ?? "", /accessor: .*no such property/);
  });

  it("names the properties that are missing or have the wrong type", () => {
    deepStrictEqual(reasons(mount, { path: 3, options: { version: 2 }, defaultLeaseTtlSeconds: "1h", local: "no" }), [
      "path: must be a string",
      "options: must map names to strings",
      "defaultLeaseTtlSeconds: must be a whole number",
      "local: must be true or false",
      "type: is required",
    ]);
  });

  it("validates JSON, durations and the properties in a block", () => {
    const secret = row("vault:kv/secretV2:SecretV2");
    match(reasons(secret, { mount: "kv", dataJson: "[1]" })[0] ?? "", /dataJson: must be the JSON text of an object/);
    const role = row("vault:pkiSecret/secretBackendRole:SecretBackendRole");
    match(reasons(role, { backend: "pki", ttl: "soon" })[0] ?? "", /ttl: must be a duration/);
    const connection = row("vault:database/secretBackendConnection:SecretBackendConnection");
    deepStrictEqual(reasons(connection, { backend: "db", postgresql: { conectionUrl: "x" } }), [
      'postgresql.conectionUrl: is not known; did you mean "connectionUrl"?',
    ]);
  });

  it("gives the reason when it refuses a property in a block that OpenBao would ignore", () => {
    const connection = row("vault:database/secretBackendConnection:SecretBackendConnection");
    deepStrictEqual(reasons(connection, { backend: "db", postgresql: { connectionUrl: "x", tlsCa: "PEM" } }), [
      "postgresql.tlsCa: the sandbox's vault plugin does not support it: OpenBao does not read it; " +
        "put the file on its machine and add sslrootcert=FILE to connectionUrl",
    ]);
  });

  it("accepts an unknown value of a preview", () => {
    deepStrictEqual(reasons(mount, { path: unknown, type: "kv", options: { version: unknown } }), []);
  });

  it("checks the rules between properties", () => {
    const role = row("vault:kubernetes/authBackendRole:AuthBackendRole");
    const program = { roleName: "app", boundServiceAccountNames: ["app"] };
    match(reasons(role, program)[0] ?? "", /boundServiceAccountNamespaces or boundServiceAccountNamespaceSelector/);
    deepStrictEqual(reasons(role, { ...program, boundServiceAccountNamespaces: ["iam"] }), []);
    const secret = row("vault:kv/secretV2:SecretV2");
    match(reasons(secret, { mount: "kv", dataJsonWo: "{}" })[0] ?? "", /needs dataJsonWoVersion/);
    match(reasons(secret, { mount: "kv" })[0] ?? "", /set either dataJson or dataJsonWo/);
  });

  it("adds the vendor's defaults, also in blocks", () => {
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

  it("uses the type as the path of an auth method without one", () => {
    const method = row("vault:index/authBackend:AuthBackend");
    strictEqual(checked(method, "it", {}, { type: "approle" }, seed).inputs.path, "approle");
    strictEqual(checked(method, "it", {}, { type: "approle", path: "agents" }, seed).inputs.path, "agents");
  });

  it("generates a name from the seed, keeps it later, and prefers the program's own name", () => {
    const program = { policy: "x" };
    const first = checked(policy, "reader", {}, program, seed).inputs;
    strictEqual(first.name, "reader-0102030");
    strictEqual(checked(policy, "reader", first, program, new Uint8Array([9, 9, 9, 9])).inputs.name, first.name);
    strictEqual(checked(policy, "reader", first, { ...program, name: "own" }, seed).inputs.name, "own");
    notStrictEqual(checked(policy, "reader", { name: "own" }, program, seed).inputs.name, "own");
  });

  it("treats null as not set", () => {
    deepStrictEqual(checked(mount, "it", {}, { path: "kv", type: "kv", description: null }, seed), {
      inputs: { path: "kv", type: "kv" },
      failures: [],
    });
  });
});
