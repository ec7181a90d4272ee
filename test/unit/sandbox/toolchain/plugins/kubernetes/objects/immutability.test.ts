import assert from "node:assert/strict";
import { changesBetween } from "../../../../../../../sandbox/toolchain/plugins/server/changes.ts";
import { replacingPaths } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/objects/immutability.ts";
import { readSettings } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/provider/settings.ts";
import type { JsonObject } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/manifest/json.ts";

function replacing(type: string, before: JsonObject, after: JsonObject, settings: JsonObject = {}): string[] {
  const [apiVersion = "", kind = ""] = type.split(" ");
  const object = { apiVersion, kind, name: "x" };
  const paths = replacingPaths(object, before, changesBetween(before, after), readSettings(settings));
  return paths.map((path) => path.join("."));
}

describe("immutable fields", () => {
  for (const [type, before, after, path] of [
    ["apps/v1 Deployment", { spec: { selector: { a: "1" } } }, { spec: { selector: { a: "2" } } }, "spec.selector.a"],
    ["apps/v1 StatefulSet", { spec: { serviceName: "a" } }, { spec: { serviceName: "b" } }, "spec.serviceName"],
    ["batch/v1 Job", { spec: { template: { x: 1 } } }, { spec: { template: { x: 2 } } }, "spec.template.x"],
    [
      "rbac.authorization.k8s.io/v1 RoleBinding",
      { roleRef: { name: "a" } },
      { roleRef: { name: "b" } },
      "roleRef.name",
    ],
    ["storage.k8s.io/v1 StorageClass", { provisioner: "a" }, { provisioner: "b" }, "provisioner"],
    ["v1 Secret", { type: "a" }, { type: "b" }, "type"],
    ["v1 Pod", { metadata: { name: "a" } }, { metadata: { name: "b" } }, "metadata.name"],
    ["example.com/v1 Any", { metadata: { namespace: "a" } }, { metadata: { namespace: "b" } }, "metadata.namespace"],
  ] as const) {
    it(`include ${path} of ${type}`, () => {
      assert.deepEqual(replacing(type, before, after), [path]);
    });
  }

  it("do not include other fields of the same object", () => {
    assert.deepEqual(replacing("apps/v1 Deployment", { spec: { replicas: 1 } }, { spec: { replicas: 2 } }), []);
    const larger = [{ spec: { resources: { s: 1 } } }, { spec: { resources: { s: 2 } } }] as const;
    assert.deepEqual(replacing("v1 PersistentVolumeClaim", ...larger), []);
  });

  it("include a change around an immutable field", () => {
    assert.deepEqual(replacing("apps/v1 Deployment", {}, { spec: { selector: {} } }), ["spec"]);
  });

  it("include the data of a ConfigMap or Secret, unless a provider setting makes it mutable", () => {
    const change = [{ data: { a: "1" } }, { data: { a: "2" } }] as const;
    assert.deepEqual(replacing("v1 ConfigMap", ...change), ["data.a"]);
    assert.deepEqual(replacing("v1 ConfigMap", ...change, { enableConfigMapMutable: "true" }), []);
    assert.deepEqual(replacing("v1 Secret", ...change, { enableConfigMapMutable: "true" }), ["data.a"]);
    assert.deepEqual(replacing("v1 Secret", ...change, { enableSecretMutable: "true" }), []);
  });

  it("include the data of an immutable ConfigMap in any case", () => {
    const change = [
      { immutable: true, data: { a: "1" } },
      { immutable: true, data: { a: "2" } },
    ] as const;
    assert.deepEqual(replacing("v1 ConfigMap", ...change, { enableConfigMapMutable: "true" }), ["data.a"]);
  });
});
