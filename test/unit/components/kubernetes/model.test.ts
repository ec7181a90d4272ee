import assert from "node:assert/strict";
import { Model } from "../../../../components/kubernetes/model.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { record, secretValue } from "../../../support/mocks.ts";

const recorded = (model = "iam") => record(() => new Model("model", { model, caCertificate: "THE CA" }, {}));

describe("Model", () => {
  it("is a namespace of the same name, in which no pod runs with privileges", async () => {
    const { inputs } = (await recorded()).named("model-namespace");
    assert.equal(valueAt(inputs, ["metadata", "name"]), "iam");
    assert.equal(valueAt(inputs, ["metadata", "labels", "pod-security.kubernetes.io/enforce"]), "restricted");
  });

  it("says which hosts it has and which operators serve it", async () => {
    const args = { model: "iam", caCertificate: "", hosts: ["auth.bibind.test", "vault.bibind.test"] };
    const recording = await record(() => new Model("model", { ...args, operators: ["secrets-operator"] }, {}));
    const { inputs } = recording.named("model-namespace");
    assert.deepEqual(valueAt(inputs, ["metadata", "annotations"]), {
      "bibind.com/hosts": "auth.bibind.test,vault.bibind.test",
    });
    assert.equal(valueAt(inputs, ["metadata", "labels", "bibind.com/secrets-operator"]), "serves");
    assert.equal(valueAt(inputs, ["metadata", "labels", "bibind.com/postgres-operator"]), undefined);
  });

  it("denies all ingress to its pods", async () => {
    const { inputs } = (await recorded()).named("model-closed");
    assert.deepEqual(inputs["metadata"], { name: "closed", namespace: "iam" });
    assert.deepEqual(inputs["spec"], { podSelector: {}, policyTypes: ["Ingress"] });
  });

  it("lets the challenges of a public CA in, to the pods of cert-manager that answer them and no others", async () => {
    const { inputs } = (await recorded()).named("model-challenges");
    assert.deepEqual(inputs["spec"], {
      podSelector: { matchLabels: { "acme.cert-manager.io/http01-solver": "true" } },
      policyTypes: ["Ingress"],
      ingress: [{ ports: [{ protocol: "TCP", port: 8089 }] }],
    });
  });

  it("holds the cluster-internal CA in the Secret that pods and operators read", async () => {
    const { inputs } = (await recorded()).named("model-ca");
    assert.deepEqual(inputs["metadata"], { name: "bibind-ca", namespace: "iam" });
    assert.deepEqual(secretValue(inputs["stringData"]), { "ca.crt": "THE CA" });
  });

  it("makes the namespace before what is in it", async () => {
    const recording = await recorded();
    for (const name of ["model-closed", "model-challenges", "model-ca"]) {
      assert.deepEqual(recording.named(name).uses, ["model-namespace"]);
    }
  });

  it("refuses a name that Kubernetes refuses", async () => {
    await assert.rejects(recorded("Identity Layer"), /"Identity Layer" cannot be the name of a kubernetesNamespace/);
  });
});
