import assert from "node:assert/strict";
import { PipelineAccess, type PipelineAccessArgs } from "../../../../components/access/pipeline-access.ts";
import { record } from "../../../support/mocks.ts";

const args: PipelineAccessArgs = {
  role: "shop-deploy",
  policy: "# nothing",
  audience: "https://vault.bibind.test",
  projectId: "42",
};
const role = async (more: Partial<PipelineAccessArgs> = {}) =>
  (await record(() => new PipelineAccess("access", { ...args, ...more }, {}))).named("access-role").inputs;

describe("PipelineAccess", () => {
  it("lets in the jobs of one project, by its id, with a token for this audience", async () => {
    const inputs = await role();
    assert.equal(inputs["backend"], "jwt");
    assert.equal(inputs["roleType"], "jwt");
    assert.equal(inputs["userClaim"], "project_id");
    assert.deepEqual(inputs["boundAudiences"], ["https://vault.bibind.test"]);
    assert.deepEqual(inputs["boundClaims"], { project_id: "42", ref_protected: "true" });
  });

  it("lets in jobs of unprotected branches only if the caller asks for it", async () => {
    assert.deepEqual((await role({ protectedOnly: true }))["boundClaims"], { project_id: "42", ref_protected: "true" });
    assert.deepEqual((await role({ protectedOnly: false }))["boundClaims"], { project_id: "42" });
  });

  it("allows what the policy says, for 15 minutes that no job can extend", async () => {
    const recording = await record(() => new PipelineAccess("access", args, {}));
    assert.deepEqual(recording.named("access-policy").inputs, { name: "pipeline-shop-deploy", policy: "# nothing" });
    const { inputs } = recording.named("access-role");
    assert.deepEqual(inputs["tokenPolicies"], ["pipeline-shop-deploy"]);
    assert.equal(inputs["tokenExplicitMaxTtl"], 900);
  });

  it("owns its policy and its role", async () => {
    const recording = await record(() => new PipelineAccess("access", args, {}));
    assert.equal(recording.named("access-policy").parent, "access");
    assert.equal(recording.named("access-role").parent, "access");
  });
});
