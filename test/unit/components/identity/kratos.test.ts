import assert from "node:assert/strict";
import { hydraAdminUrl } from "../../../../components/identity/hydra.ts";
import { identitySchema } from "../../../../components/identity/identity-schema.ts";
import { Kratos, kratosPorts, kratosUrls } from "../../../../components/identity/kratos.ts";
import { valueAt } from "../../../../stacks/settings/anatomy.ts";
import { isSecret, namesBehind, record } from "../../../support/mocks.ts";
import { settled } from "../../../support/outputs.ts";
import { signInPlace } from "../../../support/sign-in-place.ts";

const recorded = () =>
  record(
    () =>
      new Kratos(
        "kratos",
        {
          ...signInPlace,
          domain: "bibind.test",
          serviceAccount: "kratos",
          keyringSecret: "kratos-keys",
          databaseSecret: "kratos-database",
          mailSecret: "kratos-mail",
          mailFrom: { address: "no-reply@bibind.test", name: "Bibind" },
        },
        {},
      ),
  );
const values = async (...path: string[]): Promise<unknown> =>
  valueAt((await recorded()).named("kratos-chart-release").inputs["values"], path);
const config = (...path: string[]): Promise<unknown> => values("kratos", "config", ...path);

/** The environment variables of a workload of the chart that come from a Secret: name, Secret and key. */
async function fromSecrets(workload: "deployment" | "statefulSet"): Promise<unknown[][]> {
  const variables = await values(workload, "extraEnv");
  assert(Array.isArray(variables));
  return variables
    .map((variable) => [valueAt(variable, ["name"]), valueAt(variable, ["valueFrom", "secretKeyRef"])])
    .filter(([, reference]) => reference !== undefined)
    .map(([name, reference]) => [name, valueAt(reference, ["name"]), valueAt(reference, ["key"])]);
}

describe("Kratos", () => {
  it("answers people at the sign-in host, and says so once it does", async () => {
    assert.equal(await config("serve", "public", "base_url"), "https://auth.bibind.test/");
    const { result } = await recorded();
    assert.equal(await settled(result.url), "https://auth.bibind.test");
    assert((await namesBehind(result.url)).includes("kratos-chart-release"));
  });

  it("is configured without a secret: keys, database and mail server come from Secrets of others", async () => {
    assert.equal(isSecret(await values()), false);
    assert.deepEqual(await values("secret"), { enabled: false, nameOverride: "kratos-keys" });
    assert.deepEqual([await config("dsn"), await config("secrets")], [undefined, undefined]);
    assert.equal(await config("courier", "smtp", "connection_uri"), undefined);
  });

  it("gives both its server and its courier the mail server and the password of the database", async () => {
    for (const workload of ["deployment", "statefulSet"] as const) {
      assert.deepEqual(await fromSecrets(workload), [["COURIER_SMTP_CONNECTION_URI", "kratos-mail", "connection"]]);
      assert(JSON.stringify(await values(workload, "extraVolumes")).includes('"secretName":"kratos-database"'));
    }
  });

  it("speaks TLS on both of its ports, by a certificate that is good for both of its Services", async () => {
    for (const [door, port] of Object.entries(kratosPorts)) {
      assert.deepEqual(await config("serve", door, "tls"), {
        cert: { path: "/etc/tls/tls.crt" },
        key: { path: "/etc/tls/tls.key" },
      });
      assert.equal(await config("serve", door, "port"), port);
    }
    const names = valueAt((await recorded()).named("kratos-tls-certificate").inputs, ["spec", "dnsNames"]);
    assert.deepEqual(
      Object.values(kratosUrls("iam")).map((url) => new URL(url).hostname),
      names,
    );
  });

  it("shows its public API at the front door and its admin API to nobody there", async () => {
    const recording = await recorded();
    const ingresses = recording.ofType("kubernetes:networking.k8s.io/v1:Ingress");
    assert.equal(ingresses.length, 1);
    const paths = valueAt(ingresses[0]?.inputs, ["spec", "rules", "0", "http", "paths"]);
    assert(Array.isArray(paths));
    for (const path of paths) {
      assert.equal(valueAt(path, ["backend", "service", "name"]), "kratos-public");
      assert.match(String(valueAt(path, ["path"])), /^\/(self-service|sessions|schemas)$/);
    }
  });

  it("knows people by the platform's schema", async () => {
    const schemas = await values("kratos", "identitySchemas");
    assert.deepEqual(JSON.parse(String(valueAt(schemas, ["person.json"]))), structuredClone(identitySchema));
    const [schema] = [await config("identity", "schemas")].flat();
    assert.equal(valueAt(schema, ["id"]), await config("identity", "default_schema_id"));
    assert.equal(valueAt(schema, ["url"]), "file:///etc/config/person.json");
  });

  it("hands people that Hydra sent back to Hydra", async () => {
    assert.equal(await config("oauth2_provider", "url"), hydraAdminUrl("iam"));
  });

  it("sends people back only to hosts of the domain, over TLS", async () => {
    const allowed = await config("selfservice", "allowed_return_urls");
    assert.deepEqual(allowed, ["https://auth.bibind.test/", "https://*.bibind.test/"]);
  });

  it("lets people recover and verify by code, and by no link that a mail scanner would follow", async () => {
    const flows = ["selfservice", "flows"];
    for (const flow of ["recovery", "verification"]) {
      assert.equal(await config(...flows, flow, "enabled"), true);
      assert.equal(await config(...flows, flow, "use"), "code");
    }
    assert.equal(await config("selfservice", "methods", "link", "enabled"), false);
  });

  it("asks nobody outside of the platform about people's passwords", async () => {
    const methods = ["selfservice", "methods", "password", "config"];
    assert.equal(await config(...methods, "haveibeenpwned_enabled"), false);
    assert(Number(await config(...methods, "min_password_length")) >= 12);
  });

  it("writes to people as the operator said", async () => {
    assert.deepEqual(await config("courier", "smtp"), { from_address: "no-reply@bibind.test", from_name: "Bibind" });
  });

  it("tells nobody what it keeps to itself", async () => {
    assert.equal(await config("log", "leak_sensitive_values"), false);
  });

  it("is found, server and courier, by the openings of its relations", async () => {
    for (const workload of ["deployment", "statefulSet"]) {
      assert.equal(await values(workload, "podMetadata", "labels", "bibind.com/application"), "kratos");
    }
  });
});
