import assert from "node:assert/strict";
import { z } from "zod";
import { OperatorError } from "../../../../components/errors/operator-error.ts";
import { foundation } from "../../../../stacks/foundation/layer.ts";
import { iam } from "../../../../stacks/iam/layer.ts";
import { oauthClientSettings } from "../../../../stacks/iam/oauth-client-settings.ts";
import { checkRelations } from "../../../../stacks/map/check.ts";
import { loadSettings } from "../../../../stacks/settings/load.ts";
import { mailConnection } from "../../../support/iam.ts";

const client = { clientId: "reports", name: "Reports", owner: "developer" };
const callback = "https://reports.example.com/callback";

const settings = z.strictObject({ oauthClients: oauthClientSettings });
const layers = [{ name: "iam", needs: ["foundation"], settings }];

function load(...oauthClients: readonly unknown[]) {
  const values = { layers: ["iam"], upstream: "a/b/c", iam: { oauthClients } };
  const { layers: given } = loadSettings({ file: "Pulumi.test.yaml", values }, layers);
  return settings.parse(given.get("iam")).oauthClients;
}

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
  it("accept a client with nothing but its names: a program that gets tokens for itself", () => {
    assert.deepEqual(load(client), [
      {
        clientId: "reports",
        name: "Reports",
        owner: "developer",
        grantTypes: ["client_credentials"],
        scopes: ["openid"],
        audience: [],
        redirectUris: [],
        secretGeneration: 1,
      },
    ]);
  });

  it("need an owner, who reads the credential in Vault", () => {
    assert.deepEqual(problems({ clientId: "reports", name: "Reports" }), [
      "[0].owner: missing; supported: operator, auditor, developer, program",
    ]);
    assert.deepEqual(problems({ ...client, owner: "program" }), []);
  });

  for (const uri of [callback, "http://localhost:8250/callback", "http://127.0.0.1/cb", "com.example.reports:/cb"]) {
    it(`accept the redirect URI ${uri}`, () => {
      assert.deepEqual(problems({ ...client, redirectUris: [uri] }), []);
    });
  }

  for (const uri of [
    "http://reports.example.com/callback",
    "ftp://reports.example.com",
    "reports",
    "https://*.test/",
  ]) {
    it(`refuse the redirect URI ${uri}, and name its setting`, () => {
      assert.deepEqual(problems({ ...client, redirectUris: [callback, uri] }), [
        `[0].redirectUris[1]: expected an https URL such as https://reports.example.com/callback, http only for a program on a person's machine, got "${uri}"`,
      ]);
    });
  }

  it("refuse a client that signs people in and has no redirect URI", () => {
    const signIn = { ...client, grantTypes: ["authorization_code"] };
    const missing = "[0].redirectUris: missing; authorization_code needs a redirect URI, to which people return";
    assert.deepEqual(problems(signIn), [missing]);
    assert.deepEqual(problems({ ...signIn, redirectUris: [] }), [missing]);
    assert.deepEqual(problems({ ...signIn, redirectUris: [callback] }), []);
  });

  /** Checks the relations of the platform with these clients in the settings. */
  function check(...oauthClients: readonly unknown[]): void {
    const mail = { connection: mailConnection, fromAddress: "no-reply@bibind.test" };
    checkRelations([foundation.mapPart, iam.configure({ mail, oauthClients }).mapPart]);
  }

  it("may name a client that the platform does not have", () => {
    assert.doesNotThrow(() => check(client));
  });

  it("may not name a client twice, nor a client of the platform: the check of the relations reports it", () => {
    assert.throws(() => check(client, client), /OAuth2 client reports: declared twice[^]*bibind:iam\.oauthClients/);
    assert.throws(() => check({ ...client, clientId: "vault" }), /OAuth2 client vault: declared twice/);
  });
});
