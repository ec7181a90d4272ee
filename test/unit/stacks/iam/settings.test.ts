import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { OperatorError } from "../../../../components/errors/operator-error.ts";
import { iamSettings, type IamSettings } from "../../../../stacks/iam/settings.ts";
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

const layers = [{ name: "iam", needs: ["foundation"], settings: iamSettings }];

function load(iam: unknown): IamSettings {
  const values = { layers: ["iam"], upstream: "organization/bibind/ovh", iam };
  return iamSettings.parse(loadSettings({ file: "Pulumi.test.yaml", values }, layers).layers.get("iam"));
}

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
      { ...settings, mail: { ...settings.mail, connection: "" } },
      {
        vault: { distribution: "openbao", hostName: "vault", replicas: 1, seal: { kind: "static" }, storageGiB: 2 },
        postgres: { instances: 1, storageGiB: 5, rotationHours: 24 },
        signIn: { hostName: "auth", replicas: 1, secondFactor: ["operator", "auditor"] },
        startPage: { hostName: "welcome" },
        mail: { connection: "", fromAddress: "no-reply@bibind.test", fromName: "Bibind" },
        people: { operator: [], auditor: [], developer: [] },
        oauthClients: [],
      },
    );
    assert.deepEqual(problems({}), ["mail: missing; expected a mapping"]);
  });

  it("keep the credential of the mail server secret, in every message too", async () => {
    const connection = load(least).mail.connection;
    assert.equal(await pulumi.isSecret(connection), true);
    assert.equal(await settled(connection), mail.connection);
    const [problem = "", ...others] = problems({ mail: { ...mail, connection: "https://user:password@example.com" } });
    assert.deepEqual(others, []);
    assert.match(problem, /^mail\.connection: expected an SMTP URL .*pulumi config set --secret/);
    assert(!problem.includes("user:password@example.com"), problem);
  });

  for (const connection of ["smtp://172.30.0.2:1025/?disable_starttls=true", "smtps://user@mail.example.com:465"]) {
    it(`accept the mail server ${connection}`, () => {
      assert.deepEqual(problems({ mail: { ...mail, connection } }), []);
    });
  }

  it("accept both distributions of Vault, and refuse another by its name", () => {
    assert.equal(load({ ...least, vault: { distribution: "vault", seal: transit } }).vault.distribution, "vault");
    assert.deepEqual(problems({ ...least, vault: { distribution: "conjur" } }), [
      'vault.distribution: unsupported "conjur"; supported: openbao, vault',
    ]);
  });

  it("seal OpenBao with a key of its own, or with another Vault whose token stays secret", async () => {
    assert.deepEqual(load(least).vault.seal, { kind: "static" });
    const seal = load({ ...least, vault: { seal: transit } }).vault.seal;
    assert(seal.kind === "transit");
    assert.equal(await pulumi.isSecret(seal.token), true);
    assert.equal(seal.mountPath, "transit");
  });

  it("refuse a seal that HashiCorp Vault does not have", () => {
    for (const vault of [{ distribution: "vault" }, { distribution: "vault", seal: { kind: "static" } }]) {
      assert.deepEqual(problems({ ...least, vault }), [
        "vault.seal.kind: HashiCorp Vault has no static seal; supported: transit",
      ]);
    }
  });

  it("refuse another Vault without TLS, and show its token in no message", () => {
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
    it(`accept ${replicas} servers of Vault`, () => assert.deepEqual(problems({ ...least, vault: { replicas } }), []));
  }

  for (const replicas of [0, 2, 4, "3x"]) {
    it(`refuse ${replicas} servers of Vault, because only an odd number can lose one and keep a majority`, () => {
      const [problem = "", ...others] = problems({ ...least, vault: { replicas } });
      assert.match(problem, /^vault\.replicas: expected 1, 3 or 5/);
      assert.deepEqual(others, []);
    });
  }

  it("refuse a member of a role who is no e-mail address, or who is listed twice", () => {
    assert.match(
      problems({ ...least, people: { operator: ["ops"] } }).join(),
      /^people\.operator\[0\]: expected an e-mail address, got "ops": it has no @/,
    );
    assert.deepEqual(problems({ ...least, people: { auditor: ["a@b.test", "a@b.test"] } }), [
      'people.auditor: "a@b.test" is listed twice',
    ]);
  });

  it("refuse a role that does not exist", () => {
    assert.match(problems({ ...least, people: { operators: [] } }).join(), /did you mean "operator"\?/);
  });

  it("report all problems at once", () => {
    const wrong = { vault: { replicas: 2 }, postgres: { storageGiB: 0 }, signIn: { hostName: "Sign In" }, mail: {} };
    assert.deepEqual(
      problems(wrong).map((line) => line.split(":")[0]),
      ["vault.replicas", "postgres.storageGiB", "signIn.hostName", "mail.connection", "mail.fromAddress"],
    );
  });
});
