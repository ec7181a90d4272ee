import assert from "node:assert/strict";
import { VaultPeople, peopleRoles } from "../../../../components/vault/people.ts";
import { record } from "../../../support/mocks.ts";

const redirectUris = [
  "https://vault.bibind.test/ui/vault/auth/oidc/oidc/callback",
  "http://localhost:8250/oidc/callback",
];
const recorded = () => record(() => new VaultPeople("people", { accessor: "oidc-accessor", redirectUris }, {}));

describe("VaultPeople", () => {
  it("lets people in who return to one of the given redirect URIs, and to no other", async () => {
    const { inputs } = (await recorded()).named("people-role");
    assert.equal(inputs["roleType"], "oidc");
    assert.deepEqual(inputs["allowedRedirectUris"], redirectUris);
  });

  it("gives nobody a right by the sign-in alone: the claim `groups` decides", async () => {
    const { inputs } = (await recorded()).named("people-role");
    assert.equal(inputs["tokenPolicies"], undefined);
    assert.equal(inputs["groupsClaim"], "groups");
    assert.equal(inputs["userClaim"], "sub");
    const scopes = inputs["oidcScopes"];
    assert(Array.isArray(scopes) && scopes.includes("groups"));
  });

  it("lets nobody in who has none of the roles, and gives nobody Vault's policy for everybody", async () => {
    const { inputs } = (await recorded()).named("people-role");
    assert.deepEqual(inputs["boundClaims"], { groups: "operator,auditor,developer" });
    assert.equal(inputs["tokenNoDefaultPolicy"], true);
  });

  it("gives each role the policy of its name and no other, through an external group", async () => {
    const recording = await recorded();
    for (const role of peopleRoles) {
      assert.deepEqual(recording.named(`people-${role}`).inputs, { name: role, type: "external", policies: [role] });
      assert.deepEqual(recording.named(`people-${role}-alias`).inputs, {
        name: role,
        mountAccessor: "oidc-accessor",
        canonicalId: `people-${role}-id`,
      });
    }
    assert.equal(recording.ofType("vault:identity/group:Group").length, peopleRoles.length);
  });

  it("signs people in for a working day that nobody can extend", async () => {
    const { inputs } = (await recorded()).named("people-role");
    assert.equal(inputs["tokenMaxTtl"], 8 * 3600);
    assert.equal(inputs["tokenTtl"], 1800, "an unused session ends sooner");
  });
});
