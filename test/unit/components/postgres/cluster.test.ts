import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { PostgresCluster, type PostgresClusterArgs } from "../../../../components/postgres/cluster.ts";
import { valueAt } from "../../../../stacks/settings/anatomy.ts";
import { namesBehind, record, secretValue } from "../../../support/mocks.ts";
import { settled } from "../../../support/outputs.ts";

const args: PostgresClusterArgs = {
  namespace: "iam",
  application: "postgres",
  instances: 1,
  storageGiB: 5,
  storageClass: "local",
  image: "postgresql:17",
  databases: ["hydra", "kratos"],
  clusterIssuer: "bibind",
};
const recorded = (more: Partial<PostgresClusterArgs> = {}) =>
  record(() => new PostgresCluster("db", { ...args, ...more }, {}));

describe("PostgresCluster", () => {
  it("has as many servers, as large as asked for, of the given image", async () => {
    const { inputs } = (await recorded({ instances: 3, storageGiB: 7 })).named("db-cluster");
    assert.equal(valueAt(inputs, ["spec", "instances"]), 3);
    assert.deepEqual(valueAt(inputs, ["spec", "storage"]), { size: "7Gi", storageClass: "local" });
    assert.equal(valueAt(inputs, ["spec", "imageName"]), "postgresql:17");
  });

  it("gives each consumer a database that is its own, by a role that nobody logs in as and that Vault may make users for", async () => {
    const recording = await recorded();
    for (const database of ["hydra", "kratos"]) {
      const spec = recording.named(`db-database-${database}`).inputs["spec"];
      assert.equal(valueAt(spec, ["name"]), database);
      assert.equal(valueAt(spec, ["owner"]), database);
    }
    assert.deepEqual(valueAt(recording.named("db-cluster").inputs, ["spec", "managed", "roles"]), [
      { name: "hydra", ensure: "present", inRoles: ["consumers"] },
      { name: "kratos", ensure: "present", inRoles: ["consumers"] },
    ]);
  });

  it("keeps the data of a database that is taken out", async () => {
    const { inputs } = (await recorded()).named("db-database-hydra");
    assert.equal(valueAt(inputs, ["spec", "databaseReclaimPolicy"]), "retain");
  });

  it("has no superuser whom anybody could log in as", async () => {
    const { inputs } = (await recorded()).named("db-cluster");
    assert.equal(valueAt(inputs, ["spec", "enableSuperuserAccess"]), false);
  });

  it("keeps the one password that it is born with secret, and puts it into a Secret alone", async () => {
    const recording = await recorded();
    assert.equal(await pulumi.isSecret(recording.result.vaultAccess.password), true);
    const given = secretValue(recording.named("db-vault-secret").inputs["stringData"]);
    assert.equal(valueAt(given, ["password"]), "random");
    const others = recording.resources.filter(({ name }) => name !== "db-vault-secret");
    assert.deepEqual(
      others.filter(({ uses }) => uses.includes("db-vault-password")),
      [],
    );
  });

  it("answers with a certificate of the platform's CA that is good for the name that it gives to others", async () => {
    const recording = await recorded();
    const names = valueAt(recording.named("db-tls-certificate").inputs, ["spec", "dnsNames"]);
    const host = await settled(recording.result.host);
    assert.equal(host, "postgres-rw.iam.svc");
    assert(Array.isArray(names) && names.includes(host));
    assert.deepEqual(valueAt(recording.named("db-cluster").inputs, ["spec", "certificates"]), {
      serverCASecret: "postgres-tls",
      serverTLSSecret: "postgres-tls",
    });
  });

  it("reads its certificate and password again when they change", async () => {
    const recording = await recorded();
    const label = ["labels", "cnpg.io/reload"];
    assert.equal(valueAt(recording.named("db-tls-certificate").inputs, ["spec", "secretTemplate", ...label]), "");
    assert.equal(valueAt(recording.named("db-vault-secret").inputs, ["metadata", ...label]), "");
  });

  it("is found by the openings of its relations", async () => {
    const { inputs } = (await recorded()).named("db-cluster");
    assert.deepEqual(valueAt(inputs, ["spec", "inheritedMetadata", "labels"]), {
      "bibind.com/application": "postgres",
    });
  });

  it("tells its host only once every database is there", async () => {
    const recording = await recorded();
    const behind = await namesBehind(recording.result.host);
    assert(behind.includes("db-database-hydra") && behind.includes("db-database-kratos"), behind.join());
    for (const database of ["hydra", "kratos"]) {
      const { inputs, uses } = recording.named(`db-database-${database}`);
      assert.match(JSON.stringify(inputs["metadata"]), /waitFor":"jsonpath=\{\.status\.applied\}=true"/);
      assert(uses.includes("db-cluster"));
    }
  });

  it("refuses a database whose name PostgreSQL would take for another", async () => {
    await assert.rejects(recorded({ databases: ["Hydra"] }), /"Hydra" cannot be the name of a postgresIdentifier/);
  });
});
