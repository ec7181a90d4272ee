import assert from "node:assert/strict";
import { SyncedSecret } from "../../../../components/access/synced-secret.ts";
import { valueAt } from "../../../../stacks/settings/anatomy.ts";
import { identityOf } from "../../../support/app-identity.ts";
import { namesBehind, record } from "../../../support/mocks.ts";
import { settled } from "../../../support/outputs.ts";

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
  it("copies one path of the KV engine into the namespace of who may read it, on his behalf", async () => {
    const { inputs, uses } = (await recorded()).named("keys-synced");
    assert.equal(valueAt(inputs, ["metadata", "namespace"]), "iam");
    assert.equal(valueAt(inputs, ["spec", "mount"]), "kv");
    assert.equal(valueAt(inputs, ["spec", "type"]), "kv-v2");
    assert.equal(valueAt(inputs, ["spec", "path"]), "iam/hydra");
    assert.equal(valueAt(inputs, ["spec", "vaultAuthRef"]), "hydra");
    assert.equal(valueAt(inputs, ["spec", "destination", "name"]), "hydra-keys");
    assert(uses.includes("hydra-access-auth"));
  });

  it("notices that somebody changed the Secret by hand, and that Vault holds another value", async () => {
    const { inputs } = (await recorded()).named("keys-synced");
    assert.equal(valueAt(inputs, ["spec", "hmacSecretData"]), true);
    assert.match(String(valueAt(inputs, ["spec", "refreshAfter"])), /^[1-9]\d*s$/);
  });

  it("starts its readers anew when it changes", async () => {
    const { inputs } = (await recorded()).named("keys-synced");
    assert.deepEqual(valueAt(inputs, ["spec", "rolloutRestartTargets"]), [{ kind: "Deployment", name: "hydra" }]);
  });

  it("names its Secret only once it is written", async () => {
    const recording = await recorded();
    const { inputs } = recording.named("keys-synced");
    assert.match(String(valueAt(inputs, ["metadata", "annotations", "pulumi.com/waitFor"])), /secretMAC/);
    assert.equal(await settled(recording.result.secretName), "hydra-keys");
    assert.deepEqual(await namesBehind(recording.result.secretName), ["keys-synced"]);
  });
});
