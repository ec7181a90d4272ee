import assert from "node:assert/strict";
import { NameGuard } from "../../../../components/kubernetes/name-guard.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { record } from "../../../support/mocks.ts";

const args = { domain: "bibind.test", issuers: ["bibind", "bibind-internal"], certManager: "cert-manager" };
const recorded = () => record(() => new NameGuard("names", args, {}));

const policies = ["ingresses", "routes", "services", "certificates", "requests"];

describe("NameGuard", () => {
  it("denies, and judges everybody but administrators of the cluster", async () => {
    const recording = await recorded();
    for (const name of policies) {
      const { inputs } = recording.named(`names-${name}-binding`);
      assert.deepEqual(valueAt(inputs, ["spec", "validationActions"]), ["Deny", "Audit"], name);
      const spec = recording.named(`names-${name}`).inputs["spec"];
      const conditions = JSON.stringify(valueAt(spec, ["matchConditions"]));
      assert(conditions.includes("system:masters"), name);
    }
  });

  it("reads the hosts of a namespace from its annotation, where an empty one is no host", async () => {
    for (const name of ["ingresses", "certificates"]) {
      const spec = (await recorded()).named(`names-${name}`).inputs["spec"];
      const expression = String(valueAt(spec, ["variables", 0, "expression"]));
      assert.match(expression, /"bibind\.com\/hosts".*filter\(host, host != ""\)$/);
    }
  });

  it("judges certificates and requests of the platform's issuers only", async () => {
    for (const name of ["certificates", "requests"]) {
      const conditions = JSON.stringify(
        valueAt((await recorded()).named(`names-${name}`).inputs["spec"], ["matchConditions"]),
      );
      assert.match(conditions, /ClusterIssuer.*bibind-internal/, name);
    }
  });

  it("lets cert-manager alone send requests to them", async () => {
    const spec = (await recorded()).named("names-requests").inputs["spec"];
    assert.match(
      String(valueAt(spec, ["matchConditions", 1, "expression"])),
      /^!\("system:serviceaccounts:cert-manager" in /,
    );
  });
});
