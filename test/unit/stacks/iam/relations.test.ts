import assert from "node:assert/strict";
import { hydraPorts, kratosPorts, signInPort } from "../../../../components/identity/endpoints.ts";
import { hydraKeys, kratosKeys, signInPagesKeys } from "../../../../components/identity/keys.ts";
import { postgresPort } from "../../../../components/postgres/endpoint.ts";
import { vaultPort } from "../../../../components/vault/address.ts";
import { keyringConfig } from "../../../../services/identity/keyring/command.ts";
import { policyOf } from "../../../../stacks/access/policy.ts";
import { applications, relations } from "../../../../stacks/iam/relations.ts";
import { layers } from "../../../../stacks/layers.ts";
import { assembleMap } from "../../../../stacks/map/platform-map.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { mailConnection, recordIam } from "../../../support/iam.ts";
import { secretValue } from "../../../support/mocks.ts";

const map = assembleMap(layers.map(({ mapPart }) => mapPart));
const keys = { hydra: hydraKeys, kratos: kratosKeys, identity: signInPagesKeys } as const;
const servers = ["hydra", "kratos", "identity"] as const;

describe("the applications of the layer iam", () => {
  it("offer the ports on which their programs listen", () => {
    assert.deepEqual(applications["hydra"]?.offers, {
      oauth: [hydraPorts.public],
      "oauth-admin": [hydraPorts.admin],
      web: [hydraPorts.public],
    });
    assert.deepEqual(applications["kratos"]?.offers, { identity: [kratosPorts.public, kratosPorts.admin] });
    assert.deepEqual(applications["vault"]?.offers, {
      secrets: [vaultPort],
      "vault-api": [vaultPort],
      web: [vaultPort],
    });
    assert.deepEqual(applications["identity"]?.offers, { web: [signInPort] });
    assert.deepEqual(applications["postgres"]?.offers?.database, [postgresPort]);
  });

  it("have one identity each, with the policy of their relations", async () => {
    const recording = await recordIam();
    const identities = recording.ofType("bibind:access:AppIdentity").map(({ name }) => name);
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
      assert.equal(
        recording.named(`${name}-policy`).inputs["policy"],
        policyOf(map, `iam/${app}`, "https://auth.bibind.test"),
      );
    }
  });

  it("get their identity only when Vault is configured", async () => {
    const recording = await recordIam();
    for (const { name } of recording.ofType("bibind:access:AppIdentity")) {
      const required = recording.requirementsOf(name);
      assert(required.has("iam-vault-core-engine-kv") && required.has("iam-vault-core-pki-role"), name);
    }
  });

  it("have a database for each relation that consumes one, and no other", async () => {
    const databases = (await recordIam()).ofType("kubernetes:postgresql.cnpg.io/v1:Database");
    const declared = relations.flatMap((relation) => (relation.interface === "database" ? [relation.database] : []));
    assert.deepEqual(
      databases.map(({ inputs }) => valueAt(inputs, ["spec", "name"])),
      declared,
    );
  });
});

describe("the keys of the sign-in's servers", () => {
  for (const app of servers) {
    it(`are made for ${app} by a task that accepts its configuration`, async () => {
      const task = (await recordIam()).named(`iam-${app}-keyring-task-config`);
      const config = keyringConfig.parse(JSON.parse(String(valueAt(task.inputs, ["data", "config.json"]))));
      assert.equal(config.path, `iam/${app}`);
      assert(config.keep >= 2, "older keys are kept, so that old sessions stay valid");
      assert.deepEqual(Object.keys(config.keys), Object.keys(keys[app]));
      assert.equal(config.vault.role, `iam-${app}-keyring`);
      assert.equal(config.vault.address, "https://vault.iam.svc:8200");
    });

    it(`are synced for ${app} once the task has succeeded`, async () => {
      const recording = await recordIam();
      const { inputs } = recording.named(`iam-${app}-keys-synced`);
      assert.equal(valueAt(inputs, ["spec", "path"]), `iam/${app}`);
      assert.equal(valueAt(inputs, ["spec", "vaultAuthRef"]), app);
      assert(recording.requirementsOf(`iam-${app}-keys-synced`).has(`iam-${app}-keyring-task-job`));
    });

    it(`are rotated for ${app} on a schedule, and not with every deployment`, async () => {
      const recording = await recordIam();
      const args = (name: string, ...path: string[]): string =>
        JSON.stringify(valueAt(recording.named(name).inputs, [...path, "template", "spec", "containers", "0", "args"]));
      assert.match(args(`iam-${app}-keyring-task-job`, "spec"), /"keyring"/);
      assert.doesNotMatch(args(`iam-${app}-keyring-task-job`, "spec"), /--rotate/);
      assert.match(args(`iam-${app}-keyring-task-schedule`, "spec", "jobTemplate", "spec"), /--rotate/);
    });
  }

  it("have for Kratos' ciphers the only length that it accepts", () => {
    assert.equal(kratosKeys.secretsCipher.length, 32);
  });

  it("need a relation: the error names both ends", async () => {
    await assert.rejects(
      recordIam({ without: ({ consumer, interface: kind }) => consumer === "iam/hydra" && kind === "secrets" }),
      /iam\/hydra uses secrets of iam\/vault, and no relation declares it/,
    );
  });
});

describe("the databases of Hydra and Kratos", () => {
  it("have another user after the hours of the settings", async () => {
    const recording = await recordIam({ settings: { postgres: { rotationHours: 2 } } });
    for (const app of ["hydra", "kratos"]) {
      const lease = Number(recording.named(`iam-${app}-database-role`).inputs["defaultTtl"]);
      const renewal = valueAt(recording.named(`iam-${app}-database-synced`).inputs, ["spec", "renewalPercent"]);
      assert.equal(Math.round((lease * Number(renewal)) / 100), 7200);
    }
  });

  it("are reached by a URL without a user, beside the keys, and their connections end within a minute", async () => {
    for (const app of ["hydra", "kratos"] as const) {
      const { inputs } = (await recordIam()).named(`iam-${app}-keys-synced`);
      const templates = valueAt(inputs, ["spec", "destination", "transformation", "templates"]);
      assert(typeof templates === "object" && templates !== null);
      assert.deepEqual(Object.keys(templates).sort(), ["dsn", ...Object.keys(keys[app]).toSorted()]);
      const url = String(valueAt(templates, ["dsn", "text"]));
      assert(url.startsWith(`postgres://postgres-rw.iam.svc:5432/${app}?service=`), url);
      assert.match(url, /&max_conn_lifetime=30s/);
    }
  });

  it("have users of a role that the policy of the application names", async () => {
    const recording = await recordIam();
    for (const app of ["hydra", "kratos"]) {
      const role = String(recording.named(`iam-${app}-database-role`).inputs["name"]);
      assert(policyOf(map, `iam/${app}`, "https://auth.bibind.test").includes(`"database/creds/${role}"`));
    }
  });

  it("have a role in Vault only when the database exists and Vault is connected to it", async () => {
    const required = (await recordIam()).requirementsOf("iam-hydra-database-role");
    assert(required.has("iam-database-connection-connection") && required.has("iam-postgres-database-hydra"));
  });

  it("need a relation: the error names both ends", async () => {
    await assert.rejects(
      recordIam({ without: ({ consumer, interface: kind }) => consumer === "iam/kratos" && kind === "database" }),
      /iam\/kratos uses database of iam\/postgres, and no relation declares it/,
    );
  });
});

describe("the connection to the mail server", () => {
  it("goes through Vault, where the deployer writes it and cannot read it", async () => {
    const { inputs } = (await recordIam()).named("iam-mail-setting-secret");
    assert.deepEqual(JSON.parse(String(secretValue(inputs["dataJson"]))), { connection: mailConnection });
    assert.equal(inputs["disableRead"], true);
  });

  for (const application of ["kratos", "identity"] as const) {
    it(`is synced for ${application}, whose policy allows it, once it is stored`, async () => {
      const recording = await recordIam();
      const { inputs } = recording.named(`iam-${application}-mail-synced`);
      const path = String(valueAt(inputs, ["spec", "path"]));
      assert.equal(path, "settings/iam/mail");
      assert(policyOf(map, `iam/${application}`, "https://auth.bibind.test").includes(`"kv/data/${path}"`));
      assert.equal(valueAt(inputs, ["spec", "vaultAuthRef"]), application);
      assert(recording.requirementsOf(`iam-${application}-mail-synced`).has("iam-mail-setting-secret"));
    });
  }
});
