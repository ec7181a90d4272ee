import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { DiffResult } from "../../../../../../../sandbox/toolchain/plugins/server/plugin.ts";
import { unknown, type Properties } from "../../../../../../../sandbox/toolchain/plugins/server/values.ts";
import { difference } from "../../../../../../../sandbox/toolchain/plugins/vault/schema/diff.ts";
import { rows } from "../../../../../../../sandbox/toolchain/plugins/vault/table/index.ts";

interface Versions {
  readonly wanted: Properties;
  readonly before?: Properties;
  readonly found?: Properties;
  readonly ignored?: readonly string[];
}

/** By default the program is unchanged, and the server has what the program wants. */
function diff(type: string, { wanted, before = wanted, found = before, ignored = [] }: Versions): DiffResult {
  const row = rows.get(type);
  if (row === undefined) {
    throw new Error(type);
  }
  return difference(row, { wanted, wantedBefore: before, found }, ignored);
}

const role = "vault:kubernetes/authBackendRole:AuthBackendRole";
const mount = "vault:index/mount:Mount";
const key = "vault:transit/secretBackendKey:SecretBackendKey";

describe("The difference between a program and Vault", () => {
  it("is empty when both mean the same", () => {
    const wanted = { backend: "/kubernetes/", roleName: "app", tokenPolicies: ["b", "a"], tokenTtl: 0 };
    strictEqual(
      diff(role, { wanted, found: { backend: "kubernetes", roleName: "app", tokenPolicies: ["a", "b"] } }).changes,
      false,
    );
    const pki = "vault:pkiSecret/secretBackendRole:SecretBackendRole";
    strictEqual(
      diff(pki, { wanted: { backend: "pki", name: "a", ttl: "1h" }, found: { backend: "pki", name: "a", ttl: "3600" } })
        .changes,
      false,
    );
    const endpoint = "vault:generic/endpoint:Endpoint";
    const json = {
      wanted: { path: "a", dataJson: '{ "b": 1, "a": 2 }' },
      found: { path: "a", dataJson: '{"a":2,"b":1}' },
    };
    strictEqual(diff(endpoint, json).changes, false);
  });

  it("includes a change by hand although the program is unchanged", () => {
    const wanted = { backend: "kubernetes", roleName: "app", tokenPolicies: ["app"] };
    const result = diff(role, { wanted, found: { ...wanted, tokenPolicies: ["admin"] } });
    deepStrictEqual(result.detailed, { tokenPolicies: { kind: "update", inputDiff: false } });
    deepStrictEqual(result.replaces, []);
  });

  it("includes a value that was added by hand, but not one that the server sets itself", () => {
    const wanted = { backend: "kubernetes", roleName: "app" };
    deepStrictEqual(diff(role, { wanted, found: { ...wanted, tokenPolicies: ["admin"] } }).diffs, ["tokenPolicies"]);
    strictEqual(diff(role, { wanted, found: { ...wanted, tokenType: "default" } }).changes, false);
  });

  it("includes a changed order of a list, but not of a set", () => {
    const wanted = { backend: "pki", name: "a", allowedDomains: ["a", "b"] };
    const found = { ...wanted, allowedDomains: ["b", "a"] };
    strictEqual(diff("vault:pkiSecret/secretBackendRole:SecretBackendRole", { wanted, found }).changes, true);
  });

  it("is a replacement for an immutable property, which deletes the old object first if the path is the same", () => {
    const before = { path: "kv", type: "kv" };
    const typed = diff(mount, { wanted: { path: "kv", type: "transit" }, before });
    deepStrictEqual([typed.replaces, typed.deleteBeforeReplace], [["type"], true]);
    const roleBefore = { backend: "kubernetes", roleName: "app" };
    const renamed = diff(role, { wanted: { ...roleBefore, roleName: "other" }, before: roleBefore });
    deepStrictEqual([renamed.replaces, renamed.deleteBeforeReplace], [["roleName"], false]);
  });

  it("is an update when the path of a mount changes", () => {
    const moved = diff(mount, { wanted: { path: "new", type: "kv" }, before: { path: "old", type: "kv" } });
    deepStrictEqual([moved.diffs, moved.replaces], [["path"], []]);
  });

  it("is a replacement of a transit key when the program turns off a flag that a key cannot turn off", () => {
    const off = { backend: "seal", name: "key", exportable: false };
    const on = { ...off, exportable: true };
    deepStrictEqual(diff(key, { wanted: on, before: off }).replaces, []);
    deepStrictEqual(diff(key, { wanted: off, before: on }).replaces, ["exportable"]);
  });

  it("includes a value that the API never returns only when the program changes it", () => {
    const type = "vault:database/secretBackendConnection:SecretBackendConnection";
    const before = { backend: "db", name: "main", verifyConnection: false };
    strictEqual(diff(type, { wanted: before, found: { ...before, verifyConnection: true } }).changes, false);
    deepStrictEqual(diff(type, { wanted: { ...before, verifyConnection: true }, before }).diffs, ["verifyConnection"]);
  });

  it("includes a write-only value only when its version changes", () => {
    const type = "vault:kv/secretV2:SecretV2";
    const before = { mount: "kv", name: "app", dataJsonWo: '{"a":1}', dataJsonWoVersion: 1 };
    const found = { mount: "kv", name: "app", dataJsonWoVersion: 1 };
    strictEqual(diff(type, { wanted: { ...before, dataJsonWo: '{"a":2}' }, before, found }).changes, false);
    deepStrictEqual(diff(type, { wanted: { ...before, dataJsonWoVersion: 2 }, before, found }).diffs, [
      "dataJsonWoVersion",
    ]);
  });

  it("includes a new password inside a block", () => {
    const type = "vault:database/secretBackendConnection:SecretBackendConnection";
    const before = { backend: "db", name: "main", postgresql: { username: "a", password: "one" } };
    const wanted = { ...before, postgresql: { username: "a", password: "two" } };
    deepStrictEqual(diff(type, { wanted, before }).diffs, ["postgresql"]);
    strictEqual(diff(type, { wanted: before, found: { ...before, postgresql: { username: "a" } } }).changes, false);
  });

  it("includes an unknown value of a preview", () => {
    const before = { path: "kv", type: "kv" };
    deepStrictEqual(diff(mount, { wanted: { path: "kv", type: unknown }, before }).replaces, ["type"]);
  });

  it("excludes the paths that the program ignores", () => {
    const wanted = { path: "kv", type: "kv", options: { version: "2" } };
    const versions = { wanted, found: { ...wanted, options: { version: "1" } } };
    strictEqual(diff(mount, { ...versions, ignored: ["options.version"] }).changes, false);
    strictEqual(diff(mount, versions).changes, true);
  });
});
