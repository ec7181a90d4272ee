import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { OperatorError } from "../../../../components/errors/operator-error.ts";
import { iamSettings } from "../../../../stacks/iam/settings.ts";
import { loadSettings } from "../../../../stacks/settings/load.ts";
import { settled } from "../../../support/outputs.ts";

const mail = { connection: "smtps://user:password@mail.example.com:465", fromAddress: "no-reply@bibind.test" };
const least = { mail };
const transit = {
  kind: "transit",
  address: "https://vault.example.com:8200",
  keyName: "bibind",
  token: "hvs.token-of-the-other-vault",
};

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
        vault: { distribution: "openbao", hostName: "vault", replicas: 1, seal: { kind: "static" }, storageGiB: 2 },
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
    assert.equal(load({ ...least, vault: { distribution: "vault", seal: transit } })?.vault.distribution, "vault");
    assert.deepEqual(problems({ ...least, vault: { distribution: "conjur" } }), [
      'vault.distribution: unsupported "conjur"; supported: openbao, vault',
    ]);
  });

  it("seal OpenBao by a key of its own, or by another Vault whose token stays secret", async () => {
    assert.deepEqual(load(least)?.vault.seal, { kind: "static" });
    const seal = load({ ...least, vault: { seal: transit } })?.vault.seal;
    assert(seal?.kind === "transit");
    assert.equal(await pulumi.isSecret(seal.token), true);
    assert.equal(seal.mountPath, "transit");
  });

  it("refuse HashiCorp Vault with a seal that it does not have", () => {
    for (const vault of [{ distribution: "vault" }, { distribution: "vault", seal: { kind: "static" } }]) {
      assert.deepEqual(problems({ ...least, vault }), [
        "vault.seal.kind: HashiCorp Vault has no static seal; supported: transit",
      ]);
    }
  });

  it("refuse another Vault that is reached without TLS, and show its token in no message", () => {
    const lines = problems({
      ...least,
      vault: { seal: { ...transit, address: "http://vault.example.com", token: "x y z!" } },
    });
    assert.equal(lines.length, 2);
    assert.match(
      lines.join("\n"),
      /^vault\.seal\.address: expected a URL such as https:[^]*^vault\.seal\.token: expected/m,
    );
    assert(!lines.join().includes("x y z!"));
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

  it("are all described wrongly at once", () => {
    const wrong = { vault: { replicas: 2 }, postgres: { storageGiB: 0 }, signIn: { hostName: "Sign In" }, mail: {} };
    assert.deepEqual(
      problems(wrong).map((line) => line.split(":")[0]),
      ["vault.replicas", "postgres.storageGiB", "signIn.hostName", "mail.connection", "mail.fromAddress"],
    );
  });
});
