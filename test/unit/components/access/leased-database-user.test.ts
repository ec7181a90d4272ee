import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { LeasedDatabaseUser, databaseRole } from "../../../../components/access/leased-database-user.ts";
import { valueAt } from "../../../../stacks/settings/anatomy.ts";
import { identityOf } from "../../../support/app-identity.ts";
import { namesBehind, record } from "../../../support/mocks.ts";
import { settled } from "../../../support/outputs.ts";

const recorded = (database = "hydra", parameters?: Readonly<Record<string, string>>) =>
  record(
    () =>
      new LeasedDatabaseUser(
        "user",
        {
          identity: identityOf("hydra"),
          layer: "iam",
          database,
          host: "postgres-rw.iam.svc",
          connection: pulumi.output("iam"),
          rotationSeconds: 3600,
          secretName: "hydra-database",
          parameters,
          caFile: "/etc/bibind-ca/ca.crt",
          restarts: [{ kind: "Deployment", name: "odoo" }],
        },
        {},
      ),
  );

describe("LeasedDatabaseUser", () => {
  it("has Vault make and drop users that act as the database's owner", async () => {
    const { inputs } = (await recorded()).named("user-role");
    assert.equal(inputs["dbName"], "iam");
    assert.deepEqual(inputs["creationStatements"], ["SELECT public.create_user('{{name}}', '{{password}}', 'hydra')"]);
    assert.deepEqual(inputs["revocationStatements"], ["SELECT public.drop_user('{{name}}')"]);
  });

  it("keeps the former user good for half as long again as it was in use", async () => {
    const recording = await recorded();
    const { inputs } = recording.named("user-role");
    const renewalPercent = Number(valueAt(recording.named("user-synced").inputs, ["spec", "renewalPercent"]));
    assert.equal(inputs["defaultTtl"], inputs["maxTtl"], "a lease that can be renewed is not replaced");
    assert(Math.abs((Number(inputs["defaultTtl"]) * renewalPercent) / 100 - 3600) < 1);
    assert(Number(inputs["defaultTtl"]) >= 3600 * 1.45);
  });

  it("is leased by that role and by no other", async () => {
    const recording = await recorded();
    const { inputs, uses } = recording.named("user-synced");
    assert.equal(valueAt(inputs, ["spec", "path"]), "creds/iam-hydra");
    assert.equal(recording.named("user-role").inputs["name"], databaseRole("iam", "hydra"));
    assert(uses.includes("user-role"));
  });

  it("makes a service file that only the operator fills in, and by which the user acts as the owner", async () => {
    const { inputs } = (await recorded()).named("user-synced");
    const [username, password] = [`{{ get .Secrets "username" }}`, `{{ get .Secrets "password" }}`];
    assert.deepEqual(valueAt(inputs, ["spec", "destination", "transformation", "templates"]), {
      username: { text: username },
      password: { text: password },
      "pg_service.conf": { text: `[database]\nuser=${username}\npassword=${password}\noptions=-crole=hydra\n` },
    });
  });

  it("gives a URL that holds no user and checks the server's certificate", async () => {
    assert.equal(
      await settled((await recorded()).result.url),
      "postgres://postgres-rw.iam.svc:5432/hydra?service=database&sslmode=verify-full&sslrootcert=/etc/bibind-ca/ca.crt",
    );
  });

  it("adds what the consumer's pool needs to the URL", async () => {
    const url = await settled((await recorded("hydra", { max_conns: "16" })).result.url);
    assert.match(String(url), /&max_conns=16$/);
  });

  it("names owner and database as PostgreSQL takes them", async () => {
    const { inputs } = (await recorded("odoo_main")).named("user-role");
    assert.match(String(inputs["creationStatements"]), /'odoo_main'\)$/);
    await assert.rejects(recorded("odoo-main"), /"odoo-main" cannot be the name of a postgresIdentifier/);
  });

  it("starts a consumer anew that reads its user only once", async () => {
    const { inputs } = (await recorded()).named("user-synced");
    assert.deepEqual(valueAt(inputs, ["spec", "rolloutRestartTargets"]), [{ kind: "Deployment", name: "odoo" }]);
  });

  it("names its Secret only once it holds a user", async () => {
    const { result } = await recorded();
    assert.equal(await settled(result.secretName), "hydra-database");
    assert.deepEqual(await namesBehind(result.secretName), ["user-synced"]);
  });
});
