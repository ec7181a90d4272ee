import assert from "node:assert/strict";
import { OAuth2ClientFromJSON } from "@ory/hydra-client-fetch";
import type { OAuthClientSpec } from "../../../../../services/identity/clients/custom-resource.ts";
import { differences, isOurs, knowsSecret, wantedClient } from "../../../../../services/identity/clients/wanted.ts";

const declared: OAuthClientSpec = {
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
const secret = { value: "not-to-be-told", generation: 1, storedAt: "2026-11-24T10:00:00.123456789Z" };
const wanted = wantedClient(declared, secret);

/** The client as Hydra gives it back: with its own book-keeping, and empty values for what is not set. */
const held = OAuth2ClientFromJSON({
  ...wanted,
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
  it("never holds the secret in what we note on it", () => {
    assert.doesNotMatch(JSON.stringify(wanted), /not-to-be-told/);
  });

  it("is as wanted when nothing but empty values and book-keeping is there beside it", () => {
    assert.deepEqual(differences(held, wanted), []);
  });

  it("differs in what was declared anew, taken away, or set by hand", () => {
    assert.deepEqual(differences(held, { ...wanted, scope: "openid" }), ["scope"]);
    assert.deepEqual(differences(held, { ...wanted, audience: ["api"] }), ["audience"]);
    assert.deepEqual(differences({ ...held, skip_consent: false }, wanted), ["skip_consent"]);
    const byHand = { ...held, implicit_grant_access_token_lifespan: "1000h", access_token_strategy: "jwt" };
    assert.deepEqual(differences(byHand, wanted), ["access_token_strategy", "implicit_grant_access_token_lifespan"]);
  });

  it("is ours by its note", () => {
    assert.equal(isOurs(wanted), true);
    assert.equal(isOurs({ ...wanted, metadata: {} }), false);
    assert.equal(isOurs({ client_id: "by-hand" }), false);
    assert.equal(isOurs(wantedClient({ ...declared, tokenEndpointAuthMethod: "none" }, undefined)), true);
  });

  it("knows a secret only when it was given that very version of it", () => {
    assert.equal(knowsSecret(wanted, secret), true);
    assert.equal(knowsSecret(wanted, { ...secret, generation: 2 }), false);
    assert.equal(knowsSecret(wanted, { ...secret, storedAt: "2026-11-24T10:00:01Z" }), false);
    assert.equal(knowsSecret({ client_id: "odoo" }, secret), false);
  });
});
