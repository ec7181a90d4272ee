import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { passwordPolicy } from "../../../../components/vault/core.ts";
import { DatabaseConnection } from "../../../../components/vault/database-connection.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { record, secretValue } from "../../../support/mocks.ts";
import { postgresCluster } from "../../../support/postgres.ts";

const recorded = (layer = "iam") =>
  record(() => new DatabaseConnection("database", { layer, cluster: postgresCluster("cluster", "hydra") }, {}));

describe("DatabaseConnection", () => {
  it("has the name of the layer, and allows the roles of this layer only", async () => {
    for (const layer of ["iam", "delivery"]) {
      const recording = await recorded(layer);
      const { inputs } = recording.named("database-connection");
      assert.equal(inputs["backend"], "database");
      assert.equal(inputs["name"], layer);
      assert.deepEqual(inputs["allowedRoles"], [`${layer}-*`]);
      assert.equal(recording.result.connectionName, layer);
    }
  });

  it("connects over TLS and verifies the server; the password is a secret and not in the URL", async () => {
    const { inputs } = (await recorded()).named("database-connection");
    const postgresql = secretValue(inputs["postgresql"]);
    assert.equal(
      valueAt(postgresql, ["connectionUrl"]),
      "postgresql://{{username}}:{{password}}@postgres-rw.iam.svc:5432/vault?sslmode=verify-full&sslrootcert=/etc/bibind-ca/ca.crt",
    );
    assert.equal(valueAt(postgresql, ["username"]), "vault");
    assert.equal(valueAt(postgresql, ["password"]), "random");
  });

  it("generates passwords by the platform's policy, and sends PostgreSQL their hashes", async () => {
    const { inputs } = (await recorded()).named("database-connection");
    assert.equal(inputs["passwordPolicy"], passwordPolicy);
    assert.equal(valueAt(secretValue(inputs["postgresql"]), ["passwordAuthentication"]), "scram-sha-256");
  });

  it("waits for the cluster, and tells its host", async () => {
    const recording = await recorded();
    assert(recording.named("database-connection").dependsOn.includes("cluster"));
    assert.equal(recording.result.host, "postgres-rw.iam.svc");
    assert.equal(pulumi.Output.isInstance(recording.result.host), false);
  });

  it("refuses a layer whose name contains a wildcard of Vault", async () => {
    await assert.rejects(recorded("*"), /"\*" cannot be the name of a vaultRole/);
  });
});
