import assert from "node:assert/strict";
import type { ClusterReader } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/api/client.ts";
import { readinessOf } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/await/kinds.ts";
import type { JsonObject } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/manifest/json.ts";

/** A cluster with only these objects. */
function clusterOf(listed: readonly JsonObject[]): ClusterReader {
  return {
    get: () => Promise.resolve(listed[0]),
    list: () => Promise.resolve(listed),
    podLog: () => Promise.resolve(""),
  };
}

async function readinessText(type: string, object: JsonObject, listed: readonly JsonObject[] = []): Promise<string> {
  const [apiVersion = "", kind = ""] = type.split(" ");
  const rule = readinessOf({ apiVersion, kind });
  assert.ok(rule, `${type} has a rule`);
  const { state, ...rest } = await rule.evaluate(object, clusterOf(listed));
  return "reason" in rest ? `${state}: ${rest.reason}` : state;
}

const rollout = { metadata: { generation: 2 }, spec: { replicas: 3 } };
const conditions = (type: string, status: string, reason = "", message = "") => [{ type, status, reason, message }];

describe("the readiness", () => {
  const rows: readonly (readonly [string, string, JsonObject, RegExp])[] = [
    [
      "apps/v1 Deployment",
      "not observed yet",
      { ...rollout, status: { observedGeneration: 1 } },
      /waiting: the controller/,
    ],
    [
      "apps/v1 Deployment",
      "with an old replica left",
      { ...rollout, status: { observedGeneration: 2, updatedReplicas: 3, replicas: 4, availableReplicas: 3 } },
      /1 old replicas/,
    ],
    [
      "apps/v1 Deployment",
      "not available",
      { ...rollout, status: { observedGeneration: 2, updatedReplicas: 3, replicas: 3, availableReplicas: 1 } },
      /1 of 3 replicas are available/,
    ],
    [
      "apps/v1 Deployment",
      "complete",
      { ...rollout, status: { observedGeneration: 2, updatedReplicas: 3, replicas: 3, availableReplicas: 3 } },
      /^ready$/,
    ],
    [
      "apps/v1 Deployment",
      "scaled to zero",
      { metadata: { generation: 1 }, spec: { replicas: 0 }, status: { observedGeneration: 1 } },
      /^ready$/,
    ],
    [
      "apps/v1 Deployment",
      "without progress",
      {
        ...rollout,
        status: {
          observedGeneration: 2,
          conditions: conditions("Progressing", "False", "ProgressDeadlineExceeded", "timed out"),
        },
      },
      /^failed: .*timed out/,
    ],
    [
      "apps/v1 StatefulSet",
      "during a rollout",
      {
        ...rollout,
        status: {
          observedGeneration: 2,
          readyReplicas: 3,
          updatedReplicas: 1,
          currentRevision: "a",
          updateRevision: "b",
        },
      },
      /1 of 3 replicas are up to date/,
    ],
    [
      "apps/v1 StatefulSet",
      "complete",
      { ...rollout, status: { observedGeneration: 2, readyReplicas: 3, currentRevision: "b", updateRevision: "b" } },
      /^ready$/,
    ],
    [
      "apps/v1 DaemonSet",
      "during a rollout",
      {
        metadata: { generation: 1 },
        status: { observedGeneration: 1, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 1 },
      },
      /1 of 2 pods are available/,
    ],
    ["batch/v1 Job", "running", { status: { active: 1 } }, /^waiting: 1 pods are running/],
    ["batch/v1 Job", "complete", { status: { conditions: conditions("Complete", "True") } }, /^ready$/],
    [
      "batch/v1 Job",
      "failed",
      { status: { conditions: conditions("Failed", "True", "BackoffLimitExceeded", "too often") } },
      /^failed: .*BackoffLimitExceeded: too often/,
    ],
    [
      "v1 Pod",
      "without a node",
      { status: { phase: "Pending", conditions: conditions("PodScheduled", "False", "Unschedulable", "0 nodes") } },
      /Unschedulable: 0 nodes/,
    ],
    ["v1 Pod", "ready", { status: { phase: "Running", conditions: conditions("Ready", "True") } }, /^ready$/],
    ["v1 Pod", "failed", { status: { phase: "Failed", reason: "Evicted" } }, /^failed: .*Evicted/],
    ["v1 PersistentVolumeClaim", "bound", { status: { phase: "Bound" } }, /^ready$/],
    ["v1 PersistentVolumeClaim", "lost", { status: { phase: "Lost" } }, /^failed/],
    ["v1 Namespace", "active", { status: { phase: "Active" } }, /^ready$/],
    ["v1 Service", "of type ExternalName", { spec: { type: "ExternalName" } }, /^ready$/],
    ["v1 Service", "without a selector", { spec: {} }, /^ready$/],
    [
      "v1 Service",
      "of type LoadBalancer without an address",
      { spec: { type: "LoadBalancer", selector: { a: "b" } } },
      /no load balancer/,
    ],
    ["networking.k8s.io/v1 Ingress", "without an address", { status: {} }, /skipAwait/],
    [
      "apiextensions.k8s.io/v1 CustomResourceDefinition",
      "established",
      { status: { conditions: conditions("Established", "True") } },
      /^ready$/,
    ],
    [
      "apiextensions.k8s.io/v1 CustomResourceDefinition",
      "whose names are in use",
      { status: { conditions: conditions("NamesAccepted", "False", "Conflict", "taken") } },
      /^failed: .*taken/,
    ],
    [
      "apiregistration.k8s.io/v1 APIService",
      "not answering",
      { status: { conditions: conditions("Available", "False", "MissingEndpoints", "none") } },
      /MissingEndpoints/,
    ],
  ];
  for (const [type, situation, object, expected] of rows) {
    it(`of ${type}, ${situation}, matches ${String(expected)}`, async () => {
      assert.match(await readinessText(type, object), expected);
    });
  }

  it("of a Service requires a ready pod that matches its selector", async () => {
    const service = { metadata: { name: "s", namespace: "n" }, spec: { selector: { app: "a" } } };
    assert.match(await readinessText("v1 Service", service), /^waiting: no ready pod/);
    assert.match(
      await readinessText("v1 Service", service, [{ endpoints: [{ conditions: { ready: false } }] }]),
      /^waiting/,
    );
    assert.equal(
      await readinessText("v1 Service", service, [{ endpoints: [{ conditions: { ready: true } }] }]),
      "ready",
    );
  });

  it("of a PersistentVolumeClaim does not require a volume before the first consumer", async () => {
    const claim = { spec: { storageClassName: "c" }, status: { phase: "Pending" } };
    assert.equal(
      await readinessText("v1 PersistentVolumeClaim", claim, [{ volumeBindingMode: "WaitForFirstConsumer" }]),
      "ready",
    );
    assert.match(
      await readinessText("v1 PersistentVolumeClaim", claim, [{ volumeBindingMode: "Immediate" }]),
      /^waiting/,
    );
  });

  it("of any other kind has no rule", () => {
    assert.equal(readinessOf({ apiVersion: "v1", kind: "ConfigMap" }), undefined);
    assert.equal(readinessOf({ apiVersion: "example.com/v1", kind: "Deployment" }), undefined);
  });
});
