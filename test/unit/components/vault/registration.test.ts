import assert from "node:assert/strict";
import { VaultRegistration } from "../../../../components/vault/registration.ts";
import { record } from "../../../support/mocks.ts";

describe("VaultRegistration", () => {
  it("is the right to label the pods of Vault's servers, and no other pod", async () => {
    const recording = await record(
      () => new VaultRegistration("vault-registration", { namespace: "iam", replicas: 3 }, {}),
    );
    assert.deepEqual(recording.named("vault-registration-role").inputs["rules"], [
      {
        apiGroups: [""],
        resources: ["pods"],
        resourceNames: ["vault-0", "vault-1", "vault-2"],
        verbs: ["get", "update", "patch"],
      },
    ]);
    assert.deepEqual(recording.named("vault-registration-binding").inputs["subjects"], [
      { kind: "ServiceAccount", name: "vault", namespace: "iam" },
    ]);
  });
});
