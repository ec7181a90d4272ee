import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { RotatedDatabaseUser, databaseRole } from "../../../../components/access/rotated-database-user.ts";
import { valueAt } from "../../../../stacks/settings/anatomy.ts";
import { identityOf } from "../../../support/app-identity.ts";
import { namesBehind, record } from "../../../support/mocks.ts";
import { settled } from "../../../support/outputs.ts";

const recorded = (database = "hydra", parameters?: Readonly<Record<string, string>>) =>
  record(
    () =>
      new RotatedDatabaseUser(
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
          restarts: [{ kind: "Deployment", name: "hydra" }],
        },
        {},
      ),
  );

describe("RotatedDatabaseUser", () => {
  it("has Vault set the password of the database's owner by the function of the cluster", async () => {
    const { inputs } = (await recorded()).named("user-role");
    assert.equal(inputs["username"], "hydra");
    assert.equal(inputs["dbName"], "iam");
    assert.equal(inputs["rotationPeriod"], 3600);
    assert.deepEqual(inputs["rotationStatements"], [`SELECT public.set_password('{{name}}', '{{password}}')`]);
  });

  it("reads the password of that role and of no other", async () => {
    const recording = await recorded();
    const { inputs, uses } = recording.named("user-synced");
    assert.equal(valueAt(inputs, ["spec", "path"]), "static-creds/iam-hydra");
    assert.equal(valueAt(inputs, ["spec", "allowStaticCreds"]), true);
    assert.equal(recording.named("user-role").inputs["name"], databaseRole("iam", "hydra"));
    assert(uses.includes("user-role"));
  });

  it("makes a password file that only the operator fills in, for this user wherever he connects", async () => {
    const { inputs } = (await recorded()).named("user-synced");
    const password = `{{ get .Secrets "password" }}`;
    assert.deepEqual(valueAt(inputs, ["spec", "destination", "transformation", "templates"]), {
      username: { text: "hydra" },
      password: { text: password },
      pgpass: { text: `*:*:*:hydra:${password}` },
    });
  });

  it("gives a URL that holds no password and checks the server's certificate", async () => {
    assert.equal(
      await settled((await recorded()).result.url),
      "postgres://hydra@postgres-rw.iam.svc:5432/hydra?sslmode=verify-full&sslrootcert=/etc/bibind-ca/ca.crt",
    );
  });

  it("adds what the consumer's pool needs to the URL", async () => {
    const url = await settled((await recorded("hydra", { max_conns: "16" })).result.url);
    assert.match(String(url), /&max_conns=16$/);
  });

  it("names the user and the database as PostgreSQL takes them", async () => {
    const recording = await recorded("odoo_main");
    assert.equal(recording.named("user-role").inputs["username"], "odoo_main");
    await assert.rejects(recorded("odoo-main"), /"odoo-main" cannot be the name of a postgresIdentifier/);
  });

  it("starts the consumer anew when the password changes", async () => {
    const { inputs } = (await recorded()).named("user-synced");
    assert.deepEqual(valueAt(inputs, ["spec", "rolloutRestartTargets"]), [{ kind: "Deployment", name: "hydra" }]);
  });

  it("names its Secret only once it holds the password", async () => {
    const { result } = await recorded();
    assert.equal(await settled(result.secretName), "hydra-database");
    assert.deepEqual(await namesBehind(result.secretName), ["user-synced"]);
  });
});
