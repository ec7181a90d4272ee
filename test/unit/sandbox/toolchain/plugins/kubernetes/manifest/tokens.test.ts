import assert from "node:assert/strict";
import {
  objectType,
  splitApiVersion,
} from "../../../../../../../sandbox/toolchain/plugins/kubernetes/manifest/tokens.ts";

describe("kubernetes type tokens", () => {
  for (const [token, apiVersion, kind] of [
    ["kubernetes:core/v1:Pod", "v1", "Pod"],
    ["kubernetes:apps/v1:Deployment", "apps/v1", "Deployment"],
    ["kubernetes:rbac.authorization.k8s.io/v1:Role", "rbac.authorization.k8s.io/v1", "Role"],
    ["kubernetes:cert-manager.io/v1:Certificate", "cert-manager.io/v1", "Certificate"],
  ] as const) {
    it(`reads ${token}`, () => {
      assert.deepEqual(objectType(token), { apiVersion, kind });
    });
  }

  for (const token of [
    "kubernetes:yaml/v2:ConfigFile",
    "kubernetes:yaml:ConfigGroup",
    "kubernetes:kustomize/v2:Directory",
    "kubernetes:helm.sh/v4:Chart",
    "kubernetes:apps/v1:DeploymentPatch",
    "kubernetes:apps/v1:DeploymentList",
    "vault:index:Mount",
  ]) {
    it(`refuses ${token} by its name`, () => {
      assert.throws(() => objectType(token), { name: "OperatorError", message: new RegExp(token) });
    });
  }

  it("splits an API version into group and version", () => {
    assert.deepEqual(splitApiVersion("v1"), { group: "", version: "v1" });
    assert.deepEqual(splitApiVersion("apps/v1"), { group: "apps", version: "v1" });
  });
});
