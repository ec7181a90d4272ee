import assert from "node:assert/strict";
import { withoutPendingOperations } from "../../../../sandbox/commands/stack/repair.ts";

const deployment = { manifest: { magic: "m" }, resources: [{ urn: "urn:a", inputs: { kept: true } }] };

describe("the state of a killed update", () => {
  it("loses what was pending and nothing else", () => {
    const pending = [{ type: "creating", resource: { urn: "urn:b", custom: true } }];
    const exported = JSON.stringify({ version: 3, deployment: { ...deployment, pending_operations: pending } });
    const repaired = withoutPendingOperations(exported);
    assert.deepEqual(repaired?.pending, ["creating urn:b"]);
    assert.deepEqual(JSON.parse(repaired.state), { version: 3, deployment });
  });

  it("is left alone when nothing was pending", () => {
    assert.equal(withoutPendingOperations(JSON.stringify({ version: 3, deployment })), undefined);
  });
});
