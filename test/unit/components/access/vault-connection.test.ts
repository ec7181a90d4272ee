import assert from "node:assert/strict";
import { VaultConnection } from "../../../../components/access/vault-connection.ts";
import { valueAt } from "../../../../stacks/settings/anatomy.ts";
import { namesBehind, record } from "../../../support/mocks.ts";

const recorded = () =>
  record(() => new VaultConnection("vault", { namespace: "iam", address: "https://vault.iam.svc:8200" }, {}));

describe("VaultConnection", () => {
  it("leads to Vault's address and believes the platform's CA, whose Secret every model has", async () => {
    const { inputs } = (await recorded()).named("vault-connection");
    assert.deepEqual(inputs["spec"], { address: "https://vault.iam.svc:8200", caCertSecretRef: "bibind-ca" });
    assert.equal(valueAt(inputs, ["metadata", "namespace"]), "iam");
  });

  it("never leaves the server's certificate unchecked", async () => {
    const { inputs } = (await recorded()).named("vault-connection");
    assert.notEqual(valueAt(inputs, ["spec", "skipTLSVerify"]), true);
  });

  it("is named to others once it is there", async () => {
    const { result } = await recorded();
    assert.deepEqual(await namesBehind(result.connectionName), ["vault-connection"]);
  });
});
