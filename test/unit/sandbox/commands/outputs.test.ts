import assert from "node:assert/strict";
import { outputsIn } from "../../../../sandbox/commands/stack/outputs.ts";

const application = { name: "iam/vault", host: "vault", who: "people with a role", health: "/health" };
const stateOf = (outputs?: object): string => {
  const stack = { type: "pulumi:pulumi:Stack", urn: "urn:stack", outputs };
  return JSON.stringify({ version: 3, checkpoint: { latest: { resources: [{ type: "other" }, stack] } } });
};

describe("the outputs of the sandbox's stack", () => {
  it("are those in the state of the last update, without the secret ones", () => {
    const foundation = { domain: "bibind.test", caCertificate: "PEM", kubeconfig: { ciphertext: "v1:…" } };
    assert.deepEqual(outputsIn(stateOf({ foundation, applications: [application] })), {
      foundation: { domain: "bibind.test", caCertificate: "PEM" },
      applications: [application],
    });
  });

  it("do not exist before an update has succeeded", () => {
    const empty = JSON.stringify({ version: 3, checkpoint: { latest: {} } });
    for (const state of [stateOf(), stateOf({}), empty, JSON.stringify({ version: 3, checkpoint: {} })]) {
      assert.equal(outputsIn(state), undefined);
    }
  });
});
