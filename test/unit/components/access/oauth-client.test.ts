import assert from "node:assert/strict";
import { OAuthClient, type OAuthClientArgs } from "../../../../components/access/oauth-client.ts";
import { oauthClientSpec } from "../../../../services/identity/clients/custom-resource.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { record } from "../../../support/mocks.ts";

const args: OAuthClientArgs = {
  namespace: "delivery",
  clientId: "gitlab",
  name: "GitLab",
  grantTypes: ["authorization_code", "refresh_token"],
  scopes: ["openid", "email"],
  audience: [],
  redirectUris: ["https://gitlab.bibind.test/users/auth/callback"],
  skipConsent: true,
  secretGeneration: 2,
};
const machine: Partial<OAuthClientArgs> = {
  grantTypes: ["client_credentials"],
  scopes: ["report:read"],
  audience: ["apibibind"],
  redirectUris: [],
  skipConsent: false,
};
const recorded = (more: Partial<OAuthClientArgs> = {}) =>
  record(() => new OAuthClient("client", { ...args, ...more }, {}));
const specOf = async (more?: Partial<OAuthClientArgs>) =>
  oauthClientSpec.parse((await recorded(more)).named("client-client").inputs["spec"]);

describe("OAuthClient", () => {
  it("is a custom resource of the controller, named like the client, in the consumer's namespace", async () => {
    const { type, inputs } = (await recorded()).named("client-client");
    assert.equal(type, "kubernetes:bibind.com/v1:OAuthClient");
    assert.equal(valueAt(inputs, ["metadata", "name"]), "gitlab");
    assert.equal(valueAt(inputs, ["metadata", "namespace"]), "delivery");
  });

  it("is ready when the controller says so", async () => {
    const recording = await recorded();
    const { inputs } = recording.named("client-client");
    assert.equal(valueAt(inputs, ["metadata", "annotations", "pulumi.com/waitFor"]), "condition=Ready");
    assert.equal(recording.result.clientId, "gitlab");
  });

  it("declares a client that signs people in by a code", async () => {
    assert.deepEqual(await specOf(), {
      clientId: "gitlab",
      name: "GitLab",
      grantTypes: ["authorization_code", "refresh_token"],
      responseTypes: ["code"],
      redirectUris: ["https://gitlab.bibind.test/users/auth/callback"],
      postLogoutRedirectUris: [],
      scopes: ["openid", "email"],
      audience: [],
      tokenEndpointAuthMethod: "client_secret_basic",
      skipConsent: true,
      secretGeneration: 2,
    });
  });

  it("declares a client of a program, which gets no code", async () => {
    const { responseTypes, grantTypes, audience, skipConsent } = await specOf(machine);
    assert.deepEqual([responseTypes, grantTypes], [[], ["client_credentials"]]);
    assert.deepEqual([audience, skipConsent], [["apibibind"], false]);
  });

  it("always has a secret", async () => {
    for (const more of [{}, machine]) {
      assert.equal((await specOf(more)).tokenEndpointAuthMethod, "client_secret_basic");
    }
  });

  it("refuses an id that Hydra or Vault refuses", async () => {
    await assert.rejects(recorded({ clientId: "GitLab/*" }), /"GitLab\/\*" cannot be the name of a oauthClient/);
  });
});
