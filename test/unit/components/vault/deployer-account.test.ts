import assert from "node:assert/strict";
import { DeployerAccount } from "../../../../components/vault/deployer-account.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { record } from "../../../support/mocks.ts";

const recorded = () => record(() => new DeployerAccount("deployer", { namespace: "bibind-deployer" }, {}));

describe("DeployerAccount", () => {
  it("is an account whose token no pod gets, in a namespace of its own", async () => {
    const { inputs } = (await recorded()).named("deployer-account");
    assert.deepEqual(inputs["metadata"], { name: "pulumi", namespace: "bibind-deployer" });
    assert.equal(inputs["automountServiceAccountToken"], false);
  });

  it("exists only when nobody else can write in its namespace", async () => {
    const recording = await recorded();
    assert(recording.requirementsOf("deployer-namespace").has("deployer-guard-binding"));
    const spec = recording.named("deployer-guard").inputs["spec"];
    assert.deepEqual(valueAt(spec, ["matchConstraints", "namespaceSelector", "matchLabels"]), {
      "kubernetes.io/metadata.name": "bibind-deployer",
    });
    assert.deepEqual(valueAt(spec, ["matchConstraints", "resourceRules", 0, "resources"]), ["*/*"]);
    assert.match(
      String(valueAt(spec, ["validations", 0, "expression"])),
      /^request\.userInfo\.username == "bibind:deployer" \|\| /,
    );
  });

  it("lets the garbage collector complete the deletion of the account", async () => {
    const spec = (await recorded()).named("deployer-guard").inputs["spec"];
    const expression = String(valueAt(spec, ["validations", 0, "expression"]));
    assert(expression.includes('"system:serviceaccount:kube-system:generic-garbage-collector"'), expression);
  });
});
