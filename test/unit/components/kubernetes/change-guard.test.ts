import assert from "node:assert/strict";
import { ChangeGuard } from "../../../../components/kubernetes/change-guard.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { record } from "../../../support/mocks.ts";

const recorded = () => record(() => new ChangeGuard("changes", { programs: ["iam", "cnpg-system"] }, {}));

/** Inputs of the policy or of its binding. */
const inputsOf = async (name: string): Promise<unknown> => (await recorded()).named(`changes-${name}`).inputs;

describe("ChangeGuard", () => {
  it("denies, and records what it denies", async () => {
    assert.deepEqual(valueAt(await inputsOf("refusal-binding"), ["spec", "validationActions"]), ["Deny", "Audit"]);
    assert.equal(valueAt(await inputsOf("refusal-binding"), ["spec", "policyName"]), "bibind-changes-refusal");
    assert.equal(valueAt(await inputsOf("refusal"), ["spec", "failurePolicy"]), "Fail");
  });

  it("warns of a change in an emergency, and records it with its reason, but does not deny it", async () => {
    assert.deepEqual(valueAt(await inputsOf("emergency-binding"), ["spec", "validationActions"]), ["Warn", "Audit"]);
    const annotation = valueAt(await inputsOf("emergency"), ["spec", "auditAnnotations", 0]);
    assert.equal(valueAt(annotation, ["key"]), "emergency");
    assert.match(String(valueAt(annotation, ["valueExpression"])), /variables\.reasons/);
  });

  it("does not judge the deployer, nodes, Kubernetes itself, and programs of the given namespaces", async () => {
    for (const policy of ["refusal", "emergency"]) {
      const condition = String(valueAt(await inputsOf(policy), ["spec", "matchConditions", 0, "expression"]));
      for (const trusted of [
        "bibind:deployer",
        "system:kube-controller-manager",
        "system:nodes",
        "system:serviceaccounts:kube-system",
        "system:serviceaccounts:iam",
        "system:serviceaccounts:cnpg-system",
      ]) {
        assert(condition.includes(JSON.stringify(trusted)), `${policy}: ${trusted}`);
      }
      assert(!condition.includes('"system:masters"'), "people with the administrator's kubeconfig are judged");
    }
  });

  it("sees the change of a scale, and neither a status nor a pod that must start again", async () => {
    const spec = valueAt(await inputsOf("refusal"), ["spec", "matchConstraints"]);
    assert.deepEqual(valueAt(spec, ["resourceRules", 0, "resources"]), ["*", "*/scale"]);
    assert.deepEqual(valueAt(spec, ["resourceRules", 0, "operations"]), ["CREATE", "UPDATE", "DELETE"]);
    assert.deepEqual(valueAt(spec, ["excludeResourceRules", 0, "resources"]), ["pods", "events"]);
  });
});
