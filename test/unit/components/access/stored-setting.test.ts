import assert from "node:assert/strict";
import { StoredSetting } from "../../../../components/access/stored-setting.ts";
import { record, secretValue } from "../../../support/mocks.ts";

const recorded = (layer = "iam") =>
  record(
    () => new StoredSetting("mail", { layer, setting: "mail", values: { connection: "smtps://user:pass@mail" } }, {}),
  );

describe("StoredSetting", () => {
  it("stores the values in the KV engine, below the layer's name", async () => {
    for (const layer of ["iam", "delivery"]) {
      const recording = await recorded(layer);
      const { inputs } = recording.named("mail-secret");
      assert.equal(inputs["mount"], "kv");
      assert.equal(inputs["name"], `settings/${layer}/mail`);
      assert.equal(recording.result.path, `settings/${layer}/mail`);
    }
  });

  it("gives the values to the engine as one secret", async () => {
    const { inputs } = (await recorded()).named("mail-secret");
    assert.deepEqual(JSON.parse(String(secretValue(inputs["dataJson"]))), { connection: "smtps://user:pass@mail" });
    const { dataJson, ...others } = inputs;
    assert(dataJson !== undefined && !JSON.stringify(others).includes("pass"));
  });

  it("is never read by the deployer, and is deleted with all its versions", async () => {
    const { inputs } = (await recorded()).named("mail-secret");
    assert.equal(inputs["disableRead"], true);
    assert.equal(inputs["deleteAllVersions"], true);
  });
});
