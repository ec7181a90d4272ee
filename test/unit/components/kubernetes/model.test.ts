import assert from "node:assert/strict";
import { Model } from "../../../../components/kubernetes/model.ts";
import { valueAt } from "../../../../stacks/settings/anatomy.ts";
import { namesBehind, record, secretValue } from "../../../support/mocks.ts";
import { settled } from "../../../support/outputs.ts";

const recorded = (model = "iam") => record(() => new Model("model", { model, caCertificate: "THE CA" }, {}));

describe("Model", () => {
  it("is a namespace of the same name, in which no pod runs with privileges", async () => {
    const { inputs } = (await recorded()).named("model-namespace");
    assert.equal(valueAt(inputs, ["metadata", "name"]), "iam");
    assert.equal(valueAt(inputs, ["metadata", "labels", "pod-security.kubernetes.io/enforce"]), "restricted");
  });

  it("lets nobody in to any of its pods", async () => {
    const { inputs } = (await recorded()).named("model-closed");
    assert.equal(valueAt(inputs, ["metadata", "namespace"]), "iam");
    assert.deepEqual(inputs["spec"], { podSelector: {}, policyTypes: ["Ingress"] });
  });

  it("has the platform's CA where pods and operators look for it", async () => {
    const { inputs } = (await recorded()).named("model-ca");
    assert.deepEqual(inputs["metadata"], { name: "bibind-ca", namespace: "iam" });
    assert.deepEqual(secretValue(inputs["stringData"]), { "ca.crt": "THE CA" });
  });

  it("is open to what goes into it only once it is closed to others and has the CA", async () => {
    const { result } = await recorded();
    assert.equal(await settled(result.namespace), "iam");
    assert.deepEqual(await namesBehind(result.namespace), ["model-ca", "model-closed"]);
  });

  it("refuses a name that Kubernetes would refuse", async () => {
    await assert.rejects(recorded("Identity Layer"), /"Identity Layer" cannot be the name of a kubernetesNamespace/);
  });
});
