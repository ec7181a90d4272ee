import assert from "node:assert/strict";
import { LeasedDatabaseUser, type LeasedDatabaseUserArgs } from "../../../../components/access/leased-database-user.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { identityOf } from "../../../support/app-identity.ts";
import { record } from "../../../support/mocks.ts";
import { databaseConnection } from "../../../support/postgres.ts";

const recorded = (more: Partial<LeasedDatabaseUserArgs> = {}) =>
  record(
    () =>
      new LeasedDatabaseUser(
        "user",
        {
          identity: identityOf("hydra"),
          layer: "iam",
          database: "hydra",
          connection: databaseConnection("database-connection", "hydra"),
          rotationSeconds: 3600,
          secretName: "hydra-database",
          restarts: [{ kind: "Deployment", name: "odoo" }],
          ...more,
        },
        {},
      ),
  );

describe("LeasedDatabaseUser", () => {
  it("has a role with which Vault creates and drops users that act as the database's owner", async () => {
    const { inputs } = (await recorded()).named("user-role");
    assert.equal(inputs["name"], "iam-hydra");
    assert.equal(inputs["dbName"], "iam");
    assert.deepEqual(inputs["creationStatements"], [
      "SELECT leases.create_user('{{name}}', '{{password}}', 'hydra', '{{expiration}}')",
    ]);
    assert.deepEqual(inputs["revocationStatements"], ["SELECT leases.drop_user('{{name}}')"]);
    assert.deepEqual(inputs["renewStatements"], ["SELECT leases.renew_user('{{name}}', '{{expiration}}')"]);
  });

  it("has a role that the connection of the layer allows", async () => {
    const recording = await recorded();
    const [allowed] = [recording.named("database-connection-connection").inputs["allowedRoles"]].flat();
    assert.equal(allowed, "iam-*");
    assert.match(String(recording.named("user-role").inputs["name"]), /^iam-/);
  });

  it("keeps the old user valid for half of its time in use", async () => {
    const recording = await recorded();
    const { inputs } = recording.named("user-role");
    const renewalPercent = Number(valueAt(recording.named("user-synced").inputs, ["spec", "renewalPercent"]));
    assert.equal(inputs["defaultTtl"], inputs["maxTtl"], "a lease that can be renewed is not replaced");
    assert(Math.abs((Number(inputs["defaultTtl"]) * renewalPercent) / 100 - 3600) < 1);
    assert(Number(inputs["defaultTtl"]) >= 3600 * 1.45);
  });

  it("is leased by its own role, once the role exists", async () => {
    const { inputs, dependsOn } = (await recorded()).named("user-synced");
    assert.equal(valueAt(inputs, ["spec", "mount"]), "database");
    assert.equal(valueAt(inputs, ["spec", "path"]), "creds/iam-hydra");
    assert(dependsOn.includes("user-role"));
  });

  it("is revoked when its object is deleted, while Vault still reaches the database", async () => {
    const recording = await recorded();
    const { inputs, dependsOn } = recording.named("user-synced");
    assert.equal(valueAt(inputs, ["spec", "revoke"]), true);
    assert(dependsOn.includes("hydra-access") && dependsOn.includes("database-connection"), dependsOn.join());
  });

  it("writes a service file that only the operator fills in, and by which the user acts as the owner", async () => {
    const { inputs } = (await recorded()).named("user-synced");
    const [username, password] = [`{{ get .Secrets "username" }}`, `{{ get .Secrets "password" }}`];
    assert.deepEqual(valueAt(inputs, ["spec", "destination", "transformation", "templates"]), {
      username: { text: username },
      password: { text: password },
      "pg_service.conf": { text: `[database]\nuser=${username}\npassword=${password}\noptions=-crole=hydra\n` },
    });
  });

  it("gives a URL that holds no user and makes the driver verify the server's certificate", async () => {
    assert.equal(
      (await recorded()).result.url,
      "postgres://postgres-rw.iam.svc:5432/hydra?service=database&sslmode=verify-full&sslrootcert=/etc/bibind-ca/ca.crt",
    );
  });

  it("adds the parameters of the application's pool to the URL", async () => {
    const { url } = (await recorded({ parameters: { max_conns: "16" } })).result;
    assert.match(url, /&max_conns=16$/);
  });

  it("names owner and database as PostgreSQL allows", async () => {
    const { inputs } = (await recorded({ database: "odoo_main" })).named("user-role");
    assert.match(String(inputs["creationStatements"]), /'odoo_main', '\{\{expiration\}\}'\)$/);
    await assert.rejects(recorded({ database: "odoo-main" }), /"odoo-main" cannot be the name of a postgresIdentifier/);
  });

  it("restarts the workloads that read the user at their start only", async () => {
    const { inputs } = (await recorded()).named("user-synced");
    assert.deepEqual(valueAt(inputs, ["spec", "rolloutRestartTargets"]), [{ kind: "Deployment", name: "odoo" }]);
  });

  it("is ready when the operator has leased a user", async () => {
    const recording = await recorded();
    const { inputs } = recording.named("user-synced");
    const waitFor = valueAt(inputs, ["metadata", "annotations", "pulumi.com/waitFor"]);
    assert.equal(waitFor, "jsonpath={.status.secretLease.id}");
    assert.equal(recording.result.secretName, "hydra-database");
  });
});
