import assert from "node:assert/strict";
import { statusAfter, type Outcome } from "../../../../../services/identity/clients/condition.ts";
import type { OAuthClient } from "../../../../../services/identity/clients/oauth-clients.ts";

const first = new Date("2026-11-24T10:00:00.123Z");
const later = new Date("2026-11-24T11:00:00.456Z");
const failed: Outcome = { ready: false, reason: "Failed", message: "Hydra does not answer" };
const reconciled: Outcome = { ready: true, reason: "Reconciled", message: "Hydra and Vault hold the client" };

const resource: OAuthClient = {
  metadata: { namespace: "bibind", name: "odoo", resourceVersion: "7", generation: 3, finalizers: [] },
  spec: { clientId: "odoo" },
};

describe("the status of an OAuthClient", () => {
  it("says which generation was reconciled, and with which outcome", () => {
    assert.deepEqual(statusAfter(resource, failed, first), {
      observedGeneration: 3,
      conditions: [
        {
          type: "Ready",
          status: "False",
          observedGeneration: 3,
          lastTransitionTime: "2026-11-24T10:00:00Z",
          reason: "Failed",
          message: "Hydra does not answer",
        },
      ],
    });
  });

  it("keeps the time of the last transition while Ready keeps its status", () => {
    const status = statusAfter(resource, failed, first);
    const again = statusAfter({ ...resource, status }, { ...failed, reason: "Invalid", message: "other" }, later);
    assert.equal(again.conditions?.[0]?.lastTransitionTime, "2026-11-24T10:00:00Z");
    assert.equal(again.conditions[0].reason, "Invalid");
  });

  it("has a new time of the last transition when Ready changes its status", () => {
    const status = statusAfter(resource, failed, first);
    const again = statusAfter({ ...resource, status }, reconciled, later);
    assert.equal(again.conditions?.[0]?.lastTransitionTime, "2026-11-24T11:00:00Z");
  });

  it("stays the same object in content when nothing changed", () => {
    const status = statusAfter(resource, reconciled, first);
    assert.deepEqual(statusAfter({ ...resource, status }, reconciled, later), status);
  });
});
