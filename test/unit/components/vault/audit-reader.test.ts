import assert from "node:assert/strict";
import { AuditReader } from "../../../../components/vault/audit-reader.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { record } from "../../../support/mocks.ts";

describe("AuditReader", () => {
  it("reads what each server of Vault prints, and may do nothing else", async () => {
    const recording = await record(() => new AuditReader("audit", { model: "iam", replicas: 3 }, {}));
    assert.deepEqual(recording.named("audit-role").inputs["rules"], [
      {
        apiGroups: [""],
        resources: ["pods", "pods/log"],
        resourceNames: ["vault-0", "vault-1", "vault-2"],
        verbs: ["get"],
      },
    ]);
    const { inputs } = recording.named("audit-binding");
    assert.deepEqual(inputs["subjects"], [{ kind: "ServiceAccount", name: "auditor", namespace: "iam" }]);
    assert.equal(valueAt(inputs, ["roleRef", "name"]), "auditor");
  });
});
