import assert from "node:assert/strict";
import { Opening, type OpeningArgs } from "../../../../components/kubernetes/opening.ts";
import { valueAt } from "../../../../stacks/settings/anatomy.ts";
import { namesBehind, record } from "../../../support/mocks.ts";

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
    assert.equal(valueAt(inputs, ["metadata", "namespace"]), "iam");
    assert.deepEqual(valueAt(inputs, ["spec", "podSelector"]), { matchLabels: { "bibind.com/application": "hydra" } });
    assert.deepEqual(valueAt(inputs, ["spec", "policyTypes"]), ["Ingress"]);
  });

  it("lets in who is both in the namespace and of the application, on the given ports alone", async () => {
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

  it("lets in every pod of a namespace whose pods have no label of ours", async () => {
    const { inputs } = (await recorded({ from: { namespace: "ingress" } })).named(policy);
    assert.deepEqual(valueAt(inputs, ["spec", "ingress", 0, "from", 0]), {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "ingress" } },
      podSelector: { matchLabels: {} },
    });
  });

  it("is waited for by its policy's id", async () => {
    const { result } = await recorded();
    assert.deepEqual(await namesBehind(result.policyId), [policy]);
  });
});
