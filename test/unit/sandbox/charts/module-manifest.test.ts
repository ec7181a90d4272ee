import assert from "node:assert/strict";
import { splitManifest } from "../../../../sandbox/charts/module-manifest.ts";

const webhooks = (kind: string): string => `apiVersion: admissionregistration.k8s.io/v1
kind: ${kind}WebhookConfiguration
metadata:
  name: cnpg-${kind.toLowerCase()}-webhook-configuration
webhooks:
- name: ${kind.toLowerCase()}.cnpg.io
`;
const crd = `kind: CustomResourceDefinition
metadata:
  name: clusters.postgresql.cnpg.io
  annotations:
    one: two
spec:
  description: text with {{ braces }}
`;
const rest = `kind: ClusterRole
metadata:
  name: cnpg-manager
rules:
- verbs: [get]
---
kind: ConfigMap
metadata:
  name: cnpg-default-monitoring
data:
  queries: |
    a: 1
`;

describe("CloudNativePG's install manifest", () => {
  it("gives the chart its definitions, rules, queries and webhooks", () => {
    const files = splitManifest([crd, rest, webhooks("Mutating"), webhooks("Validating"), ""].join("---\n"));
    const kept = crd.replace("    one: two\n", "    one: two\n    helm.sh/resource-policy: keep\n").split("\n");
    assert.deepEqual(files["crds.yaml"].split("\n").sort(), kept.sort());
    assert.equal(files["rules.yaml"], "- verbs:\n    - get\n");
    assert.equal(files["monitoring.yaml"], "queries: |\n  a: 1\n");
    assert.equal(files["mutating-webhooks.yaml"], "- name: mutating.cnpg.io\n");
    assert.equal(files["validating-webhooks.yaml"], "- name: validating.cnpg.io\n");
  });

  it("is refused when a part is missing, which is named", () => {
    assert.throws(
      () => splitManifest([crd, rest, webhooks("Mutating")].join("---\n")),
      /no webhooks of ValidatingWebhookConfiguration/,
    );
    assert.throws(() => splitManifest(rest), /no CustomResourceDefinition/);
  });
});
