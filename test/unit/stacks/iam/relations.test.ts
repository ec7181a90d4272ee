import assert from "node:assert/strict";
import { applications, relations, type Relation } from "../../../../stacks/relations.ts";
import { keyrings } from "../../../../stacks/iam/keyrings.ts";
import { policyOf } from "../../../../stacks/graph/consequences.ts";
import { valueAt } from "../../../../stacks/settings/anatomy.ts";
import { keyringConfig } from "../../../../services/identity/keyring/command.ts";
import { mailConnection, recordIam } from "../../../support/iam.ts";
import { secretValue } from "../../../support/mocks.ts";

const map = { applications, relations };
const kept = ["hydra", "kratos", "identity"] as const;

/** The platform's relations without some of them. */
const without = (isLeftOut: (relation: Relation) => boolean) => ({
  applications,
  relations: relations.filter((relation) => !isLeftOut(relation)),
});

function configOf(resource: { readonly inputs: unknown }): unknown {
  return JSON.parse(String(valueAt(resource.inputs, ["data", "config.json"])));
}

describe("the applications of the layer iam", () => {
  it("have one identity each, with the policy that their relations say", async () => {
    const recording = await recordIam();
    const identities = recording.ofType("bibind:access:AppIdentity").map(({ name }) => name);
    assert.equal(new Set(identities).size, identities.length);
    assert.deepEqual(identities.toSorted(), [
      "iam-hydra-access",
      "iam-hydra-keyring-access",
      "iam-identity-access",
      "iam-identity-keyring-access",
      "iam-kratos-access",
      "iam-kratos-keyring-access",
      "iam-oauth-clients-access",
    ]);
    for (const name of identities) {
      const app = name.replace(/^iam-/, "").replace(/-access$/, "");
      assert.equal(recording.named(`${name}-policy`).inputs["policy"], policyOf(map, `iam/${app}`));
    }
  });

  it("get their identity only when Vault is configured", async () => {
    const recording = await recordIam();
    for (const { dependsOn } of recording.ofType("bibind:access:AppIdentity")) {
      assert.deepEqual(dependsOn, ["iam-vault-core"]);
    }
  });
});

describe("an application's keyring", () => {
  for (const app of kept) {
    it(`is made for ${app} by a task that understands its configuration`, async () => {
      const config = keyringConfig.parse(configOf((await recordIam()).named(`iam-${app}-keyring-config`)));
      assert.equal(config.path, `iam/${app}`);
      assert(config.keep >= 2, "former keys are kept, so that old sessions stay valid");
      assert.deepEqual(Object.keys(config.keys), Object.keys(keyrings[app]));
      assert.equal(config.vault.role, `iam-${app}-keyring`);
      assert.equal(config.vault.address, "https://vault.iam.svc:8200");
    });

    it(`is read by ${app} once the task has ended well`, async () => {
      const recording = await recordIam();
      const { inputs, uses } = recording.named(`iam-${app}-keys-synced`);
      assert.equal(valueAt(inputs, ["spec", "path"]), `iam/${app}`);
      assert.equal(valueAt(inputs, ["spec", "vaultAuthRef"]), app);
      assert(uses.includes(`iam-${app}-keyring-job`));
    });

    it(`rotates by the clock and not with every deployment of ${app}`, async () => {
      const recording = await recordIam();
      const args = (name: string, ...path: string[]): string =>
        JSON.stringify(valueAt(recording.named(name).inputs, [...path, "template", "spec", "containers", "0", "args"]));
      assert(!args(`iam-${app}-keyring-job`, "spec").includes("--rotate"));
      assert(args(`iam-${app}-keyring-schedule`, "spec", "jobTemplate", "spec").includes("--rotate"));
    });
  }

  it("has for Kratos' cipher the one length that it takes", () => {
    assert.equal(keyrings.kratos.secretsCipher.length, 32);
  });

  it("is not made for whom no relation declares it: the message names both ends", async () => {
    const map = without(({ consumer }) => consumer === "iam/hydra-keyring");
    await assert.rejects(
      recordIam({ map }),
      /iam\/hydra-keyring uses secrets of iam\/vault, which no relation declares/,
    );
  });
});

describe("an application's database", () => {
  it("has another user as often as the settings say", async () => {
    const recording = await recordIam({ settings: { postgres: { rotationHours: 2 } } });
    for (const app of ["hydra", "kratos"]) {
      const lease = Number(recording.named(`iam-${app}-database-role`).inputs["defaultTtl"]);
      const renewal = valueAt(recording.named(`iam-${app}-database-synced`).inputs, ["spec", "renewalPercent"]);
      assert.equal(Math.round((lease * Number(renewal)) / 100), 7200);
    }
  });

  it("is reached by a URL without a user whose connections end within minutes, beside the keys", async () => {
    for (const app of ["hydra", "kratos"] as const) {
      const { inputs } = (await recordIam()).named(`iam-${app}-keys-synced`);
      const templates = valueAt(inputs, ["spec", "destination", "transformation", "templates"]);
      assert(typeof templates === "object" && templates !== null);
      assert.deepEqual(Object.keys(templates).sort(), ["dsn", ...Object.keys(keyrings[app]).toSorted()]);
      const url = String(valueAt(templates, ["dsn", "text"]));
      assert(url.startsWith(`postgres://postgres-rw.iam.svc:5432/${app}?service=`), url);
      assert.match(url, /&max_conn_lifetime=5m/);
    }
  });

  it("is leased its users by a role that the policy of its reader names", async () => {
    const recording = await recordIam();
    for (const app of ["hydra", "kratos"]) {
      const role = String(recording.named(`iam-${app}-database-role`).inputs["name"]);
      assert(policyOf(map, `iam/${app}`).includes(`"database/creds/${role}"`));
    }
  });

  it("is known to Vault only when the database is there and the connection works", async () => {
    const { uses } = (await recordIam()).named("iam-hydra-database-role");
    assert(uses.includes("iam-vault-core-postgres"));
  });

  it("is not given to whom no relation declares it: the message names both ends", async () => {
    const map = without(({ consumer, interface: kind }) => consumer === "iam/kratos" && kind === "database");
    await assert.rejects(recordIam({ map }), /iam\/kratos uses database of iam\/postgres, which no relation declares/);
  });
});

describe("a secret of the settings", () => {
  it("goes through Vault, where the deployer writes it and cannot read it", async () => {
    const { inputs } = (await recordIam()).named("iam-kratos-mail-setting");
    assert.deepEqual(JSON.parse(String(secretValue(inputs["dataJson"]))), { connection: mailConnection });
    assert.equal(inputs["disableRead"], true);
  });

  it("is read by the application whose policy says so, once it is written", async () => {
    const { inputs, uses } = (await recordIam()).named("iam-kratos-mail-synced");
    const path = String(valueAt(inputs, ["spec", "path"]));
    assert(policyOf(map, "iam/kratos").includes(`"kv/data/${path}"`));
    assert.equal(valueAt(inputs, ["spec", "vaultAuthRef"]), "kratos");
    assert(uses.includes("iam-kratos-mail-setting"));
  });
});
