import assert from "node:assert/strict";
import { AppIdentity, type AppIdentityArgs } from "../../../../components/access/app-identity.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { vaultConnection } from "../../../support/app-identity.ts";
import { record } from "../../../support/mocks.ts";

const args: Omit<AppIdentityArgs, "connection"> = {
  layer: "iam",
  application: "hydra",
  namespace: "iam",
  policy: "# nothing",
  login: "renewed",
};
const recorded = (more: Partial<AppIdentityArgs> = {}) =>
  record(() => new AppIdentity("access", { ...args, connection: vaultConnection("vault"), ...more }, {}));

describe("AppIdentity", () => {
  it("has a service account whose token Kubernetes mounts in no pod by default", async () => {
    const { inputs } = (await recorded()).named("access-account");
    assert.deepEqual(inputs["metadata"], { name: "hydra", namespace: "iam" });
    assert.equal(inputs["automountServiceAccountToken"], false);
  });

  it("logs in to Vault with a token of this account, in this namespace, for the audience Vault, and with no other", async () => {
    const { inputs } = (await recorded()).named("access-role");
    assert.deepEqual(inputs["boundServiceAccountNames"], ["hydra"]);
    assert.deepEqual(inputs["boundServiceAccountNamespaces"], ["iam"]);
    assert.equal(inputs["audience"], "vault");
  });

  it("has its own policy, and a token without an end that must be renewed within a day", async () => {
    const recording = await recorded();
    assert.deepEqual(recording.named("access-policy").inputs, { name: "iam-hydra", policy: "# nothing" });
    const { inputs } = recording.named("access-role");
    assert.deepEqual(inputs["tokenPolicies"], ["iam-hydra"]);
    assert.equal(inputs["tokenPeriod"], 24 * 3600);
    assert.equal(inputs["tokenMaxTtl"], undefined, "leases would end with the token");
    assert.equal(inputs["tokenNoDefaultPolicy"], true);
  });

  it("logs in for some minutes when the program logs in again by itself", async () => {
    const { inputs } = (await recorded({ login: "short" })).named("access-role");
    assert.deepEqual([inputs["tokenPeriod"], inputs["tokenTtl"], inputs["tokenExplicitMaxTtl"]], [undefined, 600, 600]);
  });

  it("lets Vault Secrets Operator log in with a token of the same account and audience", async () => {
    const { inputs } = (await recorded()).named("access-auth");
    assert.deepEqual(valueAt(inputs, ["spec", "kubernetes"]), {
      role: "iam-hydra",
      serviceAccount: "hydra",
      audiences: ["vault"],
    });
    assert.equal(valueAt(inputs, ["spec", "mount"]), "kubernetes");
    assert.equal(valueAt(inputs, ["spec", "vaultConnectionRef"]), "vault");
  });

  it("waits for the connection to Vault, and its VaultAuth for the account and the role", async () => {
    const recording = await recorded();
    for (const child of ["account", "policy", "role", "auth"]) {
      assert(recording.named(`access-${child}`).dependsOn.includes("vault"), child);
    }
    const { dependsOn } = recording.named("access-auth");
    assert(dependsOn.includes("access-account") && dependsOn.includes("access-role"), dependsOn.join());
  });

  it("tells its names to the components that use it", async () => {
    const { namespace, serviceAccount, role, vaultAuth } = (await recorded()).result;
    assert.deepEqual([namespace, serviceAccount, role, vaultAuth], ["iam", "hydra", "iam-hydra", "hydra"]);
  });

  it("separates two applications of one name in two layers", async () => {
    const recording = await record(() => {
      const connection = vaultConnection("vault");
      return [
        new AppIdentity("one", { ...args, connection }, {}),
        new AppIdentity("other", { ...args, connection, layer: "delivery", namespace: "delivery" }, {}),
      ];
    });
    const names = recording
      .ofType("vault:kubernetes/authBackendRole:AuthBackendRole")
      .map(({ inputs }) => inputs["roleName"]);
    assert.deepEqual(names, ["iam-hydra", "delivery-hydra"]);
  });

  it("refuses a name that contains a wildcard of Vault", async () => {
    await assert.rejects(recorded({ layer: "iam/*" }), /"iam\/\*-hydra" cannot be the name of a vaultRole/);
  });
});
