import assert from "node:assert/strict";
import { OAuth2ClientFromJSON } from "@ory/hydra-client-fetch";
import type { OAuthClientSpec } from "../../../../../services/identity/clients/custom-resource.ts";
import {
  desiredClient,
  differences,
  hasSecret,
  homeOf,
  ownerOf,
} from "../../../../../services/identity/clients/desired.ts";

const spec: OAuthClientSpec = {
  clientId: "odoo",
  name: "Odoo",
  grantTypes: ["authorization_code", "refresh_token"],
  responseTypes: ["code"],
  redirectUris: ["https://odoo.bibind.test/callback"],
  postLogoutRedirectUris: [],
  scopes: ["openid", "email"],
  audience: [],
  tokenEndpointAuthMethod: "client_secret_basic",
  skipConsent: true,
  secretGeneration: 1,
};
const owner = { namespace: "bibind", name: "sign-in" };
const secret = { value: "never-log-this", generation: 1, storedAt: "2026-11-24T10:00:00.123456789Z" };
const desired = desiredClient(spec, owner, secret);

/** The client as Hydra returns it: with its internal fields, and empty values for fields that are not set. */
const actual = OAuth2ClientFromJSON({
  ...desired,
  owner: "",
  allowed_cors_origins: [],
  contacts: null,
  jwks: {},
  client_secret_expires_at: 0,
  skip_logout_consent: null,
  created_at: "2026-11-24T10:00:00Z",
  updated_at: "2026-11-24T10:00:00Z",
});

describe("a client in Hydra", () => {
  it("has no secret in its metadata", () => {
    assert.doesNotMatch(JSON.stringify(desired), /never-log-this/);
  });

  it("is as desired when it has only empty values and internal fields besides", () => {
    assert.deepEqual(differences(actual, desired), []);
  });

  it("differs in a field that was changed, removed, or set by hand", () => {
    assert.deepEqual(differences(actual, { ...desired, scope: "openid" }), ["scope"]);
    assert.deepEqual(differences(actual, { ...desired, audience: ["api"] }), ["audience"]);
    assert.deepEqual(differences({ ...actual, skip_consent: false }, desired), ["skip_consent"]);
    const byHand = { ...actual, implicit_grant_access_token_lifespan: "1000h", access_token_strategy: "jwt" };
    assert.deepEqual(differences(byHand, desired), ["access_token_strategy", "implicit_grant_access_token_lifespan"]);
  });

  it("differs when another OAuthClient owns it", () => {
    assert.deepEqual(differences(actual, desiredClient(spec, { ...owner, namespace: "other" }, secret)), ["metadata"]);
  });

  it("names the OAuthClient that owns it in its metadata", () => {
    assert.deepEqual(ownerOf(desired), owner);
    assert.equal(ownerOf({ ...desired, metadata: {} }), undefined);
    assert.equal(ownerOf({ client_id: "by-hand" }), undefined);
    const publicSpec: OAuthClientSpec = { ...spec, tokenEndpointAuthMethod: "none" };
    assert.deepEqual(ownerOf(desiredClient(publicSpec, owner, undefined)), owner);
  });

  it("has the page of the application for people, if there is one", () => {
    const home = {
      uri: "https://odoo.bibind.test/web",
      healthUri: "https://odoo.bibind.test/web/health",
      purpose: { en: "Orders", fr: "Commandes" },
      roles: ["operator"],
    };
    const client = desiredClient({ ...spec, home }, owner, secret);
    assert.equal(client.client_uri, home.uri, "it is the standard field of OpenID Connect");
    assert.deepEqual(homeOf(client), { ...home, name: "Odoo" });
    assert.equal(homeOf(desired), undefined);
    assert.equal(homeOf({ ...client, metadata: {} }), undefined, "a client by hand is not shown");
    assert.deepEqual(differences(actual, client), ["client_uri", "metadata"]);
  });

  it("has a secret only when it got this very version of it", () => {
    assert.equal(hasSecret(desired, secret), true);
    assert.equal(hasSecret(desired, { ...secret, generation: 2 }), false);
    assert.equal(hasSecret(desired, { ...secret, storedAt: "2026-11-24T10:00:01Z" }), false);
    assert.equal(hasSecret({ client_id: "odoo" }, secret), false);
  });
});
