import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { PostgresCluster, type PostgresClusterArgs } from "../../../../components/postgres/cluster.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { checkUpdate, record, secretValue } from "../../../support/mocks.ts";

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
  it("has the given number of servers, with the given volume and image", async () => {
    const { inputs } = (await recorded({ instances: 3, storageGiB: 7 })).named("db-cluster");
    assert.equal(valueAt(inputs, ["spec", "instances"]), 3);
    assert.deepEqual(valueAt(inputs, ["spec", "storage"]), { size: "7Gi", storageClass: "local" });
    assert.equal(valueAt(inputs, ["spec", "imageName"]), "postgresql:17");
  });

  it("refuses another size of its volumes, and no other change", async () => {
    const clusterWith = async (more: Partial<PostgresClusterArgs>) => (await recorded(more)).named("db-cluster");
    for (const storageGiB of [4, 6]) {
      await assert.rejects(
        async () => checkUpdate(await clusterWith({}), await clusterWith({ storageGiB })),
        new RegExp(`PostgreSQL cluster have 5Gi, .* to ${storageGiB}Gi[^]*storageGiB[^]*set it back to 5;`),
      );
    }
    await checkUpdate(await clusterWith({}), await clusterWith({ instances: 3 }));
  });

  it("has a database for each name, with an owner that cannot log in and for which Vault may make users", async () => {
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

  it("keeps the data of a database that leaves the list", async () => {
    const { inputs } = (await recorded()).named("db-database-hydra");
    assert.equal(valueAt(inputs, ["spec", "databaseReclaimPolicy"]), "retain");
  });

  it("disables the login of the superuser", async () => {
    const { inputs } = (await recorded()).named("db-cluster");
    assert.equal(valueAt(inputs, ["spec", "enableSuperuserAccess"]), false);
  });

  it("lets each user reach the database of its own application only, over TLS only", async () => {
    const { inputs } = (await recorded()).named("db-cluster");
    assert.deepEqual(valueAt(inputs, ["spec", "postgresql", "pg_hba"]), [
      "hostssl samerole all all scram-sha-256",
      "host all all all reject",
    ]);
  });

  it("runs no queries of the operator in the databases of applications", async () => {
    const { inputs } = (await recorded()).named("db-cluster");
    assert.deepEqual(valueAt(inputs, ["spec", "monitoring"]), { disableDefaultQueries: true });
  });

  it("keeps connections for Vault", async () => {
    const { inputs } = (await recorded()).named("db-cluster");
    assert.deepEqual(valueAt(inputs, ["spec", "postgresql", "parameters"]), { reserved_connections: "5" });
  });

  it("gives the password of Vault to one Secret, and to nothing else", async () => {
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

  it("serves a cluster-internal certificate that is valid for the host that it gives to others", async () => {
    const recording = await recorded();
    const names = valueAt(recording.named("db-tls-certificate").inputs, ["spec", "dnsNames"]);
    const { host } = recording.result;
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

  it("has the label that the openings of its relations select", async () => {
    const { inputs } = (await recorded()).named("db-cluster");
    assert.deepEqual(valueAt(inputs, ["spec", "inheritedMetadata", "labels"]), {
      "bibind.com/application": "postgres",
    });
  });

  it("is ready when every database is applied", async () => {
    const recording = await recorded();
    for (const database of ["hydra", "kratos"]) {
      const { inputs, uses } = recording.named(`db-database-${database}`);
      assert.match(JSON.stringify(inputs["metadata"]), /waitFor":"jsonpath=\{\.status\.applied\}=true"/);
      assert(uses.includes("db-cluster"));
    }
  });

  it("starts with its certificate", async () => {
    assert((await recorded()).named("db-cluster").dependsOn.includes("db-tls"));
  });

  it("lets Vault connect to its own database as its own user", async () => {
    const { host, database, username } = (await recorded()).result.vaultAccess;
    assert.deepEqual([host, database, username], ["postgres-rw.iam.svc", "vault", "vault"]);
  });

  it("refuses a database name that PostgreSQL would change", async () => {
    await assert.rejects(recorded({ databases: ["Hydra"] }), /"Hydra" cannot be the name of a postgresIdentifier/);
  });
});
