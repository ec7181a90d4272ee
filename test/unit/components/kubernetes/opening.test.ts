import assert from "node:assert/strict";
import { Opening, type OpeningArgs } from "../../../../components/kubernetes/opening.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { record } from "../../../support/mocks.ts";

const args: OpeningArgs = {
  from: { namespace: "apibibind", application: "worker" },
  to: { namespace: "iam", application: "hydra" },
  ports: [4444, 4445],
};
const recorded = (more: Partial<OpeningArgs> = {}) =>
  record(() => new Opening("iam-hydra-from-apibibind-worker", { ...args, ...more }, {}));
const policy = "iam-hydra-from-apibibind-worker-policy";

describe("Opening", () => {
  it("opens the pods of one application and no others of their namespace", async () => {
    const { inputs } = (await recorded()).named(policy);
    assert.deepEqual(inputs["metadata"], { name: "iam-hydra-from-apibibind-worker", namespace: "iam" });
    assert.deepEqual(valueAt(inputs, ["spec", "podSelector"]), { matchLabels: { "bibind.com/application": "hydra" } });
    assert.deepEqual(valueAt(inputs, ["spec", "policyTypes"]), ["Ingress"]);
  });

  it("lets in pods that are both in the namespace and of the application, on the given ports alone", async () => {
    const { inputs } = (await recorded()).named(policy);
    assert.deepEqual(valueAt(inputs, ["spec", "ingress"]), [
      {
        from: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "apibibind" } },
            podSelector: { matchLabels: { "bibind.com/application": "worker" } },
          },
        ],
        ports: [
          { protocol: "TCP", port: 4444 },
          { protocol: "TCP", port: 4445 },
        ],
      },
    ]);
  });

  it("lets in every pod of a namespace if the caller names no application", async () => {
    const { inputs } = (await recorded({ from: { namespace: "ingress" } })).named(policy);
    assert.deepEqual(valueAt(inputs, ["spec", "ingress", 0, "from", 0]), {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "ingress" } },
      podSelector: { matchLabels: {} },
    });
  });
});
