import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { OperatorError } from "../../../../components/operator-error.ts";
import { iamSettings } from "../../../../stacks/iam/settings.ts";
import { loadSettings } from "../../../../stacks/settings/load.ts";
import { settled } from "../../../support/outputs.ts";

const mail = { connection: "smtps://user:password@mail.example.com:465", fromAddress: "no-reply@bibind.test" };
const least = { mail };
const client = { clientId: "reports", name: "Reports" };

const load = (iam: unknown) =>
  loadSettings(
    { file: "Pulumi.test.yaml", values: { layers: ["iam"], upstream: "organization/bibind/ovh", iam } },
    { iam: iamSettings },
  ).iam;

function problems(iam: unknown): string[] {
  try {
    load(iam);
  } catch (error) {
    assert(error instanceof OperatorError, String(error));
    const lines = error.parts.what.split("\n  ").slice(1);
    return lines.map((line) => line.replace(" (Pulumi.test.yaml)", "").replace("bibind:iam.", ""));
  }
  return [];
}

describe("the settings of the layer iam", () => {
  it("need a mail server and a sender, and have defaults for everything else", () => {
    const settings = load(least);
    assert.deepEqual(
      { ...settings, mail: { ...settings?.mail, connection: "" } },
      {
        vault: { distribution: "openbao", hostName: "vault", replicas: 1, storageGiB: 2 },
        postgres: { instances: 1, storageGiB: 5, rotationHours: 24 },
        signIn: { hostName: "auth", replicas: 1 },
        mail: { connection: "", fromAddress: "no-reply@bibind.test", fromName: "Bibind" },
        people: { operator: [], auditor: [], developer: [] },
        oauthClients: [],
      },
    );
    assert.deepEqual(problems({}), ["mail: missing; expected a mapping"]);
  });

  it("keep the mail server's credentials secret, and out of every message", async () => {
    const connection = load(least)?.mail.connection;
    assert(connection !== undefined);
    assert.equal(await pulumi.isSecret(connection), true);
    assert.equal(await settled(connection), mail.connection);
    const [problem = "", ...others] = problems({ mail: { ...mail, connection: "https://user:password@example.com" } });
    assert.deepEqual(others, []);
    assert.match(problem, /^mail\.connection: expected an SMTP URL .*pulumi config set --secret/);
    assert(!problem.includes("user:password@example.com"), problem);
  });

  for (const connection of ["smtp://172.30.0.2:1025/?disable_starttls=true", "smtps://user@mail.example.com:465"]) {
    it(`take ${connection} for a mail server`, () => {
      assert.deepEqual(problems({ mail: { ...mail, connection } }), []);
    });
  }

  it("take either distribution of Vault, and refuse another by name", () => {
    assert.equal(load({ ...least, vault: { distribution: "vault" } })?.vault.distribution, "vault");
    assert.deepEqual(problems({ ...least, vault: { distribution: "conjur" } }), [
      'vault.distribution: unsupported "conjur"; supported: openbao, vault',
    ]);
  });

  for (const replicas of [1, 3, 5]) {
    it(`take ${replicas} servers of Vault`, () => assert.deepEqual(problems({ ...least, vault: { replicas } }), []));
  }

  for (const replicas of [0, 2, 4, "3x"]) {
    it(`refuse ${replicas} servers of Vault, which could not outvote a lost one`, () => {
      const [problem = "", ...others] = problems({ ...least, vault: { replicas } });
      assert.match(problem, /^vault\.replicas: expected 1, 3 or 5/);
      assert.deepEqual(others, []);
    });
  }

  it("refuse a role's member that is no e-mail address, or is named twice", () => {
    assert.match(
      problems({ ...least, people: { operator: ["ops"] } }).join(),
      /^people\.operator\[0\]: expected an email/,
    );
    assert.deepEqual(problems({ ...least, people: { auditor: ["a@b.test", "a@b.test"] } }), [
      'people.auditor: "a@b.test" is listed twice',
    ]);
  });

  it("refuse a role that there is not", () => {
    assert.match(problems({ ...least, people: { operators: [] } }).join(), /did you mean "operator"\?/);
  });

  it("take an OAuth2 client by its name alone: for programs, with a scope that gives nothing away", () => {
    assert.deepEqual(load({ ...least, oauthClients: [client] })?.oauthClients, [
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

  for (const uri of ["https://reports.example.com/callback", "http://localhost:8250/callback", "http://127.0.0.1/cb"]) {
    it(`take the redirect URI ${uri}`, () => {
      assert.deepEqual(problems({ ...least, oauthClients: [{ ...client, redirectUris: [uri] }] }), []);
    });
  }

  for (const uri of [
    "http://reports.example.com/callback",
    "ftp://reports.example.com",
    "reports",
    "https://*.test/",
  ]) {
    it(`refuse the redirect URI ${uri}`, () => {
      const [problem = "", ...others] = problems({ ...least, oauthClients: [{ ...client, redirectUris: [uri] }] });
      assert.match(problem, /^oauthClients\[0\]\.redirectUris\[0\]: /);
      assert.deepEqual(others, []);
    });
  }

  it("refuse a client that signs people in and says nowhere to come back to", () => {
    const [problem = ""] = problems({ ...least, oauthClients: [{ ...client, grantTypes: ["authorization_code"] }] });
    assert.match(problem, /^oauthClients\[0\]\.redirectUris: /);
  });

  it("refuse two clients of one name, and one that has the name of a client of the platform", () => {
    assert.match(
      problems({ ...least, oauthClients: [client, client] }).join(),
      /^oauthClients\[1\]\.clientId: .*reports/,
    );
    assert.match(
      problems({ ...least, oauthClients: [{ ...client, clientId: "vault" }] }).join(),
      /^oauthClients\[0\]\.clientId: .*vault/,
    );
  });

  it("are all described wrongly at once", () => {
    const wrong = { vault: { replicas: 2 }, postgres: { storageGiB: 0 }, signIn: { hostName: "Sign In" }, mail: {} };
    assert.deepEqual(
      problems(wrong).map((line) => line.split(":")[0]),
      ["vault.replicas", "postgres.storageGiB", "signIn.hostName", "mail.connection", "mail.fromAddress"],
    );
  });
});
