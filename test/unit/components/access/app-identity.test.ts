import assert from "node:assert/strict";
import { AppIdentity } from "../../../../components/access/app-identity.ts";
import { valueAt } from "../../../../stacks/settings/anatomy.ts";
import { namesBehind, record } from "../../../support/mocks.ts";

const args = {
  layer: "iam",
  application: "hydra",
  namespace: "iam",
  policy: "# nothing",
  vaultConnection: "vault",
};
const recorded = () => record(() => new AppIdentity("access", args, {}));

describe("AppIdentity", () => {
  it("is a service account whose token no pod is given unasked", async () => {
    const { inputs } = (await recorded()).named("access-account");
    assert.deepEqual(inputs["metadata"], { name: "hydra", namespace: "iam" });
    assert.equal(inputs["automountServiceAccountToken"], false);
  });

  it("is known to Vault by this account, in this namespace, with a token made for Vault, and by nothing else", async () => {
    const { inputs } = (await recorded()).named("access-role");
    assert.deepEqual(inputs["boundServiceAccountNames"], ["hydra"]);
    assert.deepEqual(inputs["boundServiceAccountNamespaces"], ["iam"]);
    assert.equal(inputs["audience"], "vault");
  });

  it("may do what its policy says and stays logged in for as long as it comes back within a day", async () => {
    const recording = await recorded();
    assert.deepEqual(recording.named("access-policy").inputs, { name: "iam-hydra", policy: "# nothing" });
    const { inputs } = recording.named("access-role");
    assert.deepEqual(inputs["tokenPolicies"], ["iam-hydra"]);
    assert.equal(inputs["tokenPeriod"], 24 * 3600);
    assert.equal(inputs["tokenMaxTtl"], undefined, "what is leased would end with the login");
  });

  it("lets the secrets operator act for it with a token of the same account and audience", async () => {
    const { inputs } = (await recorded()).named("access-auth");
    assert.deepEqual(valueAt(inputs, ["spec", "kubernetes"]), {
      role: "iam-hydra",
      serviceAccount: "hydra",
      audiences: ["vault"],
    });
    assert.equal(valueAt(inputs, ["spec", "mount"]), "kubernetes");
    assert.equal(valueAt(inputs, ["spec", "vaultConnectionRef"]), "vault");
  });

  it("gives pods its service account only once Vault knows it", async () => {
    const { result } = await recorded();
    assert((await namesBehind(result.serviceAccount)).includes("access-role"));
    assert.deepEqual(await namesBehind(result.vaultAuth), ["access-auth"]);
  });

  it("keeps two applications of one name in two layers apart", async () => {
    const recording = await record(() => [
      new AppIdentity("one", args, {}),
      new AppIdentity("other", { ...args, layer: "delivery", namespace: "delivery" }, {}),
    ]);
    const names = recording
      .ofType("vault:kubernetes/authBackendRole:AuthBackendRole")
      .map(({ inputs }) => inputs["roleName"]);
    assert.deepEqual(names, ["iam-hydra", "delivery-hydra"]);
  });

  it("refuses a name that Vault would read as more than a name", async () => {
    await assert.rejects(
      record(() => new AppIdentity("access", { ...args, layer: "iam/*" }, {})),
      /"iam\/\*-hydra" cannot be the name of a vaultPolicy/,
    );
  });
});
