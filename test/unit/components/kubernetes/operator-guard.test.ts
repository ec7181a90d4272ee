import assert from "node:assert/strict";
import { OperatorGuard, servedBy } from "../../../../components/kubernetes/operator-guard.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { record } from "../../../support/mocks.ts";

const args = {
  operators: [{ namespace: "cnpg-system", serves: "postgres-operator" }, { namespace: "cert-manager" }],
  reserved: ["kube-system"],
  tokenAudience: "vault",
};

async function specOf(): Promise<unknown> {
  const recording = await record(() => new OperatorGuard("operators", args, {}));
  assert.deepEqual(valueAt(recording.named("operators-namespaces-binding").inputs, ["spec", "validationActions"]), [
    "Deny",
    "Audit",
  ]);
  return recording.named("operators-namespaces").inputs["spec"];
}

describe("OperatorGuard", () => {
  it("judges every write of the operators in namespaces, also tokens of accounts and commands in pods", async () => {
    const spec = await specOf();
    assert.deepEqual(valueAt(spec, ["matchConstraints", "resourceRules", 0]), {
      apiGroups: ["*"],
      apiVersions: ["*"],
      operations: ["*"],
      resources: ["*/*"],
      scope: "Namespaced",
    });
    assert.match(
      String(valueAt(spec, ["matchConditions", 0, "expression"])),
      /split\(":"\)\[2\] in \["cnpg-system","cert-manager"\]/,
    );
    assert.equal(valueAt(spec, ["failurePolicy"]), "Fail");
  });

  it("knows by a label which namespaces an operator serves, and the reserved ones of an operator without a label", async () => {
    const spec = await specOf();
    assert.equal(valueAt(spec, ["variables", 1, "expression"]), '{"cnpg-system":"bibind.com/postgres-operator"}');
    const served = String(valueAt(spec, ["variables", 2, "expression"]));
    assert(served.includes('!(request.namespace in ["kube-system"])'), served);
    assert.deepEqual(servedBy(["postgres-operator"]), { "bibind.com/postgres-operator": "serves" });
  });

  it("lets an operator request tokens for the given audience only", async () => {
    const spec = await specOf();
    assert.match(String(valueAt(spec, ["validations", 2, "expression"])), /audiences.*== \["vault"\]$/);
  });
});
