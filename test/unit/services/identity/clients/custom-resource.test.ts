import assert from "node:assert/strict";
import { oauthClientDefinition, oauthClientSpec } from "../../../../../services/identity/clients/custom-resource.ts";

const odoo = {
  clientId: "odoo",
  name: "Odoo",
  grantTypes: ["authorization_code"],
  responseTypes: ["code"],
  redirectUris: ["https://odoo.bibind.test/callback"],
  scopes: ["openid"],
};

describe("the spec of an OAuthClient", () => {
  it("gets the defaults of a confidential client", () => {
    assert.deepEqual(oauthClientSpec.parse(odoo), {
      ...odoo,
      postLogoutRedirectUris: [],
      audience: [],
      tokenEndpointAuthMethod: "client_secret_basic",
      skipConsent: false,
      secretGeneration: 1,
    });
  });

  for (const [what, change, message] of [
    ["an unsafe redirect URI", { redirectUris: ["http://odoo.bibind.test/"] }, /a redirect URI begins with https/],
    ["a sign-in without redirect URI", { redirectUris: [] }, /a client that signs people in needs at least one/],
    [
      "a post-logout redirect URI that Hydra would refuse",
      { postLogoutRedirectUris: ["https://other.bibind.test/"] },
      /must have the scheme, host and port/,
    ],
    ["no response type for authorization_code", { responseTypes: ["token"] }, /needs the response type \\"code\\"/],
    [
      "client_credentials without a secret",
      { tokenEndpointAuthMethod: "none", grantTypes: ["authorization_code", "client_credentials"] },
      /a client without a secret cannot use client_credentials/,
    ],
    ["a scope of two words", { scopes: ["open id"] }, /expected one word/],
    ["a clientId with a slash", { clientId: "a/b" }, /expected a name of a-z, 0-9 and -/],
    [
      "a page for people without TLS",
      {
        home: {
          uri: "http://odoo.bibind.test/",
          healthUri: "https://odoo.bibind.test/",
          purpose: { en: "a", fr: "b" },
        },
      },
      /expected a URL such as https:/,
    ],
    ["an unknown field", { scope: "openid" }, /Unrecognized key: \\"scope\\"/],
  ] as const) {
    it(`is refused with ${what}`, () => {
      const { error } = oauthClientSpec.safeParse({ ...odoo, ...change });
      assert.match(error?.message ?? "", message);
    });
  }
});

describe("the CustomResourceDefinition of OAuthClient", () => {
  const definition = JSON.stringify(oauthClientDefinition());

  it("has no keyword that a structural schema forbids", () => {
    assert.doesNotMatch(definition, /additionalProperties|\$schema|\$ref|exclusiveMinimum|"const"/);
  });

  it("requires the fields without a default, and only those", () => {
    assert.match(definition, /"required":\["clientId","name","grantTypes","scopes"\]/);
    assert.match(definition, /"required":\["uri","healthUri","purpose"\]/);
  });

  it("makes clientId immutable", () => {
    assert.match(definition, /"x-kubernetes-validations":\[\{"rule":"self == oldSelf"/);
  });
});
