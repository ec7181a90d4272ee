import assert from "node:assert/strict";
import { TransitKey, transitKeyName } from "../../../../components/access/transit-key.ts";
import { record } from "../../../support/mocks.ts";
import { settled } from "../../../support/outputs.ts";

const args = { layer: "apibibind", application: "worker" };

describe("TransitKey", () => {
  it("has the name that the policy of its application uses", async () => {
    const recording = await record(() => new TransitKey("key", args, {}));
    const { inputs } = recording.named("key-key");
    assert.equal(inputs["backend"], "transit");
    assert.equal(inputs["name"], transitKeyName("apibibind", "worker"));
    assert.equal(await settled(recording.result.keyName), "apibibind-worker");
  });

  it("never leaves Vault", async () => {
    const { inputs } = (await record(() => new TransitKey("key", args, {}))).named("key-key");
    assert.notEqual(inputs["exportable"], true);
    assert.notEqual(inputs["allowPlaintextBackup"], true);
  });

  it("authenticates what it encrypts", async () => {
    const { inputs } = (await record(() => new TransitKey("key", args, {}))).named("key-key");
    assert.equal(inputs["type"], "aes256-gcm96");
  });

  it("is protected, because nothing decrypts the data without it, and can be deleted after its protection is removed", async () => {
    const key = (await record(() => new TransitKey("key", args, {}))).named("key-key");
    assert.equal(key.protect, true);
    assert.equal(key.parent, "key");
    assert.equal(key.inputs["deletionAllowed"], true);
  });

  it("rotates every month by default", async () => {
    const rotation = async (more: { rotationSeconds?: number }): Promise<unknown> =>
      (await record(() => new TransitKey("key", { ...args, ...more }, {}))).named("key-key").inputs["autoRotatePeriod"];
    assert.equal(await rotation({}), 2_592_000);
    assert.equal(await rotation({ rotationSeconds: 3600 }), 3600);
  });
});
