import assert from "node:assert/strict";
import { z } from "zod";
import { hydraAdminUrl, kratosPorts, kratosUrls } from "../../../../components/identity/endpoints.ts";
import { identitySchema } from "../../../../components/identity/identity-schema.ts";
import { Kratos } from "../../../../components/identity/kratos.ts";
import { mailTemplates } from "../../../../components/identity/mail-templates.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { isSecret, record, type Recording } from "../../../support/mocks.ts";
import { settled } from "../../../support/outputs.ts";
import { oryServer, secretOf } from "../../../support/sign-in-server.ts";

function kratos(): Kratos {
  const server = oryServer("kratos");
  const mail = secretOf(server.identity, "mail");
  const mailFrom = { address: "no-reply@bibind.test", name: "Bibind" };
  return new Kratos(
    "server",
    { ...server, domain: "bibind.test", returnHosts: ["odoo.bibind.test"], mail, mailFrom },
    {},
  );
}

/** No test changes a recording, so they share one. */
let shared: Promise<Recording<Kratos>> | undefined;
const recorded = () => (shared ??= record(kratos));
const values = async (...path: string[]): Promise<unknown> =>
  valueAt((await recorded()).named("server-chart-release").inputs["values"], path);
const config = (...path: string[]): Promise<unknown> => values("kratos", "config", ...path);

/** Environment variables of a workload that come from a Secret: name, Secret and key. */
async function fromSecrets(workload: "deployment" | "statefulSet"): Promise<unknown[][]> {
  const variables = await values(workload, "extraEnv");
  assert(Array.isArray(variables));
  return variables
    .map((variable) => [valueAt(variable, ["name"]), valueAt(variable, ["valueFrom", "secretKeyRef"])])
    .filter(([, reference]) => reference !== undefined)
    .map(([name, reference]) => [name, valueAt(reference, ["name"]), valueAt(reference, ["key"])]);
}

describe("Kratos", () => {
  it("names the sign-in host in its forms and links", async () => {
    assert.equal(await config("serve", "public", "base_url"), "https://auth.bibind.test/");
    assert.equal(await settled((await recorded()).result.url), "https://auth.bibind.test");
  });

  it("has no secret in its values: keys, database user and mail server come from Secrets", async () => {
    assert.equal(isSecret(await values()), false);
    assert.deepEqual(await values("secret"), { enabled: false, nameOverride: "kratos-keys" });
    assert.deepEqual([await config("dsn"), await config("secrets")], [undefined, undefined]);
    assert.equal(await config("courier", "smtp", "connection_uri"), undefined);
  });

  it("gives the mail server and the database user to its server and to its courier", async () => {
    for (const workload of ["deployment", "statefulSet"] as const) {
      assert.deepEqual(await fromSecrets(workload), [["COURIER_SMTP_CONNECTION_URI", "kratos-mail", "connection"]]);
      assert(JSON.stringify(await values(workload, "extraVolumes")).includes('"secretName":"kratos-database"'));
    }
  });

  it("serves TLS on both ports, with a certificate that is valid for both Services", async () => {
    for (const [api, port] of Object.entries(kratosPorts)) {
      assert.deepEqual(await config("serve", api, "tls"), {
        cert: { path: "/etc/tls/tls.crt" },
        key: { path: "/etc/tls/tls.key" },
      });
      assert.equal(await config("serve", api, "port"), port);
    }
    const names = valueAt((await recorded()).named("server-tls-certificate").inputs, ["spec", "dnsNames"]);
    assert.deepEqual(
      Object.values(kratosUrls("iam")).map((url) => new URL(url).hostname),
      names,
    );
  });

  it("has no route from the ingress: the pages hand it the forms of browsers", async () => {
    assert.deepEqual((await recorded()).ofType("kubernetes:networking.k8s.io/v1:Ingress"), []);
    assert.equal(await values("service"), undefined);
  });

  it("does not name its pod when a request is for its admin API", async () => {
    assert.equal(await config("serve", "admin", "base_url"), `${kratosUrls("iam").admin}/`);
  });

  it("describes people by the platform's schema", async () => {
    const schemas = await values("kratos", "identitySchemas");
    assert.deepEqual(JSON.parse(String(valueAt(schemas, ["person.json"]))), structuredClone(identitySchema));
    const [schema] = [await config("identity", "schemas")].flat();
    assert.equal(valueAt(schema, ["id"]), await config("identity", "default_schema_id"));
    assert.equal(valueAt(schema, ["url"]), "file:///etc/config/person.json");
  });

  it("returns people to Hydra when they came from Hydra", async () => {
    assert.equal(await config("oauth2_provider", "url"), hydraAdminUrl("iam"));
  });

  it("returns people to the hosts of the applications only, over TLS", async () => {
    const allowed = await config("selfservice", "allowed_return_urls");
    assert.deepEqual(allowed, ["https://auth.bibind.test/", "https://odoo.bibind.test/"]);
  });

  it("recovers by a code, not by a link, which a mail scanner could follow", async () => {
    const recovery = ["selfservice", "flows", "recovery"];
    assert.deepEqual([await config(...recovery, "enabled"), await config(...recovery, "use")], [true, "code"]);
    assert.equal(await config("selfservice", "methods", "link", "enabled"), false);
  });

  it("lets nobody enter an address without its code: the flows for the profile and the verification are off", async () => {
    assert.equal(await config("selfservice", "methods", "profile", "enabled"), false);
    assert.equal(await config("selfservice", "flows", "verification", "enabled"), false);
  });

  it("gives a session's cookie no domain, and asks for the second factor of every person who has one", async () => {
    const { cookie, whoami } = z
      .object({ cookie: z.object({}).loose(), whoami: z.object({}).loose() })
      .parse(await config("session"));
    assert.deepEqual([cookie, whoami], [{ same_site: "Lax" }, { required_aal: "highest_available" }]);
    assert.equal(await config("selfservice", "flows", "settings", "required_aal"), "highest_available");
  });

  it("ends the other sessions of a person who recovers the account or changes how to sign in", async () => {
    const flows = ["selfservice", "flows"];
    const hooks = { hooks: [{ hook: "revoke_active_sessions" }] };
    assert.deepEqual(await config(...flows, "recovery", "after"), hooks);
    assert.deepEqual(await config(...flows, "settings", "after"), {
      password: hooks,
      totp: hooks,
      lookup_secret: hooks,
    });
  });

  it("checks passwords without a service outside of the platform", async () => {
    const methods = ["selfservice", "methods", "password", "config"];
    assert.equal(await config(...methods, "haveibeenpwned_enabled"), false);
    assert(Number(await config(...methods, "min_password_length")) >= 12);
  });

  it("registers nobody by its own flow, which would say who has an account", async () => {
    assert.equal(await config("selfservice", "flows", "registration", "enabled"), false);
  });

  it("sends mail from the address in the settings, in French and in English", async () => {
    assert.deepEqual(await config("courier", "smtp"), { from_address: "no-reply@bibind.test", from_name: "Bibind" });
    const { body } = mailTemplates.recovery_code.valid.email;
    assert.deepEqual(await config("courier", "templates"), mailTemplates);
    for (const text of Object.values(body)) {
      const content = Buffer.from(text.replace(/^base64:\/\//, ""), "base64").toString();
      assert.match(content, /Saisissez ce code[^]*Enter this code[^]*\{\{ \.RecoveryCode \}\}/);
    }
  });

  it("shows no secret in its logs", async () => {
    assert.equal(await config("log", "leak_sensitive_values"), false);
  });

  it("gives its server and its courier the label that the openings of its relations select", async () => {
    assert.equal(await values("deployment", "podMetadata", "labels", "bibind.com/application"), "kratos");
    assert.equal(await values("statefulSet", "labels", "bibind.com/application"), "kratos");
  });

  it("starts with the Secret of the mail server", async () => {
    const recording = await recorded();
    assert(recording.named("server-chart-release").dependsOn.includes("kratos-mail"));
  });
});
