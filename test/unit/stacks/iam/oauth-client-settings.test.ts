import assert from "node:assert/strict";
import { z } from "zod";
import { OperatorError } from "../../../../components/errors/operator-error.ts";
import { clientsConfig } from "../../../../services/identity/clients/command.ts";
import { oauthClientSettings } from "../../../../stacks/iam/oauth-client-settings.ts";
import { declaredClients } from "../../../../stacks/graph/consequences.ts";
import { applications, relations } from "../../../../stacks/relations.ts";
import { loadSettings } from "../../../../stacks/settings/load.ts";

const client = { clientId: "reports", name: "Reports" };
const callback = "https://reports.example.com/callback";

const load = (...oauthClients: readonly unknown[]) =>
  loadSettings(
    { file: "Pulumi.test.yaml", values: { layers: ["iam"], upstream: "a/b/c", iam: { oauthClients } } },
    { iam: z.strictObject({ oauthClients: oauthClientSettings }) },
  ).iam?.oauthClients;

function problems(...oauthClients: readonly unknown[]): string[] {
  try {
    load(...oauthClients);
  } catch (error) {
    assert(error instanceof OperatorError, String(error));
    const lines = error.parts.what.split("\n  ").slice(1);
    return lines.map((line) => line.replace(" (Pulumi.test.yaml)", "").replace("bibind:iam.oauthClients", ""));
  }
  return [];
}

describe("the settings of OAuth2 clients outside of the platform", () => {
  it("take a client by its name alone: a program, which gets a token in its own name", () => {
    assert.deepEqual(load(client), [
      {
        clientId: "reports",
        name: "Reports",
        grantTypes: ["client_credentials"],
        scopes: ["openid"],
        audience: [],
        redirectUris: [],
        secretGeneration: 1,
      },
    ]);
  });

  for (const uri of [callback, "http://localhost:8250/callback", "http://127.0.0.1/cb", "com.example.reports:/cb"]) {
    it(`take the redirect URI ${uri}`, () => {
      assert.deepEqual(problems({ ...client, redirectUris: [uri] }), []);
    });
  }

  for (const uri of [
    "http://reports.example.com/callback",
    "ftp://reports.example.com",
    "reports",
    "https://*.test/",
  ]) {
    it(`refuse the redirect URI ${uri}, by its place`, () => {
      assert.deepEqual(problems({ ...client, redirectUris: [callback, uri] }), [
        `[0].redirectUris[1]: expected an https URL such as https://reports.example.com/callback, http for a program on one's own machine alone, got "${uri}"`,
      ]);
    });
  }

  it("refuse a client that signs people in and says nowhere to come back to", () => {
    const signIn = { ...client, grantTypes: ["authorization_code"] };
    const missing = "[0].redirectUris: missing; with authorization_code people must have somewhere to come back to";
    assert.deepEqual(problems(signIn), [missing]);
    assert.deepEqual(problems({ ...signIn, redirectUris: [] }), [missing]);
    assert.deepEqual(problems({ ...signIn, redirectUris: [callback] }), []);
  });

  it("refuse two clients of one name, and one that has the name of a client of the platform", () => {
    assert.deepEqual(problems(client, client), ['[1].clientId: "reports" is a client of oauthClients[0] already']);
    assert.deepEqual(problems({ ...client, clientId: "vault" }), [
      '[0].clientId: "vault" is a client of the platform already',
    ]);
  });

  it("accept nothing that the reconciler would refuse", () => {
    const outside = load({ ...client, grantTypes: ["authorization_code", "refresh_token"], redirectUris: [callback] });
    assert(outside !== undefined);
    const clients = declaredClients({ applications, relations }, outside, "bibind.test");
    assert.equal(clientsConfig.shape.clients.parse(clients).length, clients.length);
  });
});
