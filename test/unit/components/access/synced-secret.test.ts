import assert from "node:assert/strict";
import { SyncedSecret } from "../../../../components/access/synced-secret.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { identityOf } from "../../../support/app-identity.ts";
import { record } from "../../../support/mocks.ts";

const recorded = () =>
  record(
    () =>
      new SyncedSecret(
        "keys",
        {
          identity: identityOf("hydra"),
          secretName: "hydra-keys",
          path: "iam/hydra",
          restarts: [{ kind: "Deployment", name: "hydra" }],
        },
        {},
      ),
  );

describe("SyncedSecret", () => {
  it("copies one path of the KV engine into the namespace of the application, with the application's identity", async () => {
    const { inputs, dependsOn } = (await recorded()).named("keys-synced");
    assert.equal(valueAt(inputs, ["metadata", "namespace"]), "iam");
    assert.equal(valueAt(inputs, ["spec", "mount"]), "kv");
    assert.equal(valueAt(inputs, ["spec", "type"]), "kv-v2");
    assert.equal(valueAt(inputs, ["spec", "path"]), "iam/hydra");
    assert.equal(valueAt(inputs, ["spec", "vaultAuthRef"]), "hydra");
    assert.equal(valueAt(inputs, ["spec", "destination", "name"]), "hydra-keys");
    assert(dependsOn.includes("hydra-access"));
  });

  it("repairs a Secret that somebody changed by hand, and reads Vault again and again", async () => {
    const { inputs } = (await recorded()).named("keys-synced");
    assert.equal(valueAt(inputs, ["spec", "hmacSecretData"]), true);
    assert.match(String(valueAt(inputs, ["spec", "refreshAfter"])), /^[1-9]\d*s$/);
  });

  it("restarts the workloads that read it when it changes", async () => {
    const { inputs } = (await recorded()).named("keys-synced");
    assert.deepEqual(valueAt(inputs, ["spec", "rolloutRestartTargets"]), [{ kind: "Deployment", name: "hydra" }]);
  });

  it("is ready when the operator has written the Secret", async () => {
    const recording = await recorded();
    const { inputs } = recording.named("keys-synced");
    const waitFor = valueAt(inputs, ["metadata", "annotations", "pulumi.com/waitFor"]);
    assert.equal(waitFor, "jsonpath={.status.secretMAC}");
    assert.equal(recording.result.secretName, "hydra-keys");
  });
});
