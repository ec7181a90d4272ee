import assert from "node:assert/strict";
import { VaultConnection } from "../../../../components/access/vault-connection.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { record } from "../../../support/mocks.ts";

const recorded = () =>
  record(() => new VaultConnection("vault", { namespace: "delivery", address: "https://vault.iam.svc:8200" }, {}));

describe("VaultConnection", () => {
  it("has Vault's address, and trusts the cluster-internal CA, whose Secret is in every model", async () => {
    const { inputs } = (await recorded()).named("vault-connection");
    assert.deepEqual(inputs["spec"], { address: "https://vault.iam.svc:8200", caCertSecretRef: "bibind-ca" });
    assert.deepEqual(valueAt(inputs, ["metadata"]), { name: "vault", namespace: "delivery" });
  });

  it("always verifies the server's certificate", async () => {
    const { inputs } = (await recorded()).named("vault-connection");
    assert.notEqual(valueAt(inputs, ["spec", "skipTLSVerify"]), true);
  });
});
