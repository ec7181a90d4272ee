import assert from "node:assert/strict";
import { z } from "zod";
import { hydraAdminUrl } from "../../../../components/identity/endpoints.ts";
import { oauthClientSpec } from "../../../../services/identity/clients/custom-resource.ts";
import { pagesConfig } from "../../../../services/identity/pages/config.ts";
import { charts } from "../../../../stacks/versions.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { recordIam } from "../../../support/iam.ts";

function configOf(resource: { readonly inputs: unknown }): unknown {
  return JSON.parse(String(valueAt(resource.inputs, ["data", "config.json"])));
}

describe("the sign-in of the layer iam", () => {
  it("has one host name below the domain for all its servers", async () => {
    const recording = await recordIam({ settings: { signIn: { hostName: "login" } } });
    assert.deepEqual(valueAt(recording.named("iam-identity-edge-certificate").inputs, ["spec", "dnsNames"]), [
      "login.bibind.test",
    ]);
    for (const part of ["hydra", "identity"]) {
      const { inputs } = recording.named(`iam-${part}-route-ingress`);
      assert.equal(valueAt(inputs, ["spec", "rules", "0", "host"]), "login.bibind.test");
      assert.equal(valueAt(inputs, ["spec", "tls", "0", "secretName"]), "identity-edge");
    }
  });

  it("has a host name of its own for the start page, which the pages know", async () => {
    const recording = await recordIam({ settings: { startPage: { hostName: "hello" } } });
    const host = "hello.bibind.test";
    assert.deepEqual(valueAt(recording.named("iam-welcome-edge-certificate").inputs, ["spec", "dnsNames"]), [host]);
    const { inputs } = recording.named("iam-identity-route-ingress");
    assert.equal(valueAt(inputs, ["spec", "rules", "1", "host"]), host);
    assert.deepEqual(valueAt(inputs, ["spec", "tls", "1"]), { hosts: [host], secretName: "welcome-edge" });
    assert.equal(valueAt(configOf(recording.named("iam-identity-config")), ["startHost"]), host);
  });

  it("routes each path of its host to one server", async () => {
    const recording = await recordIam();
    const paths = ["hydra", "identity"].flatMap((part) => {
      const { inputs } = recording.named(`iam-${part}-route-ingress`);
      const rules = valueAt(inputs, ["spec", "rules", "0", "http", "paths"]);
      assert(Array.isArray(rules));
      return rules.map((rule) => String(valueAt(rule, ["path"])));
    });
    assert.equal(new Set(paths).size, paths.length);
    assert(paths.includes("/"));
  });

  it("returns people to the hosts of the applications in the map, and to no other host", async () => {
    const { inputs } = (await recordIam()).named("iam-kratos-chart-release");
    assert.deepEqual(valueAt(inputs, ["values", "kratos", "config", "selfservice", "allowed_return_urls"]), [
      "https://auth.bibind.test/",
      "https://vault.bibind.test/",
      "https://welcome.bibind.test/",
    ]);
  });

  it("runs Hydra and Kratos from their pinned charts, with the number of pods of the settings", async () => {
    const recording = await recordIam({ settings: { signIn: { replicas: 3 } } });
    for (const app of ["hydra", "kratos"] as const) {
      const { inputs } = recording.named(`iam-${app}-chart-release`);
      assert.deepEqual([inputs["chart"], inputs["version"]], [charts[app].chart, charts[app].version]);
      assert.equal(valueAt(inputs, ["values", "replicaCount"]), 3);
    }
    assert.equal(valueAt(recording.named("iam-identity-deployment").inputs, ["spec", "replicas"]), 3);
  });

  it("starts no server before its keys, its database, its account and its certificates exist", async () => {
    const recording = await recordIam();
    for (const app of ["hydra", "kratos"]) {
      const required = recording.requirementsOf(`iam-${app}-chart-release`);
      const own = ["keys-synced", "database-synced", "access-role", "access-account", "tls-certificate"];
      for (const needed of [...own.map((part) => `iam-${app}-${part}`), "iam-identity-edge-certificate"]) {
        assert(required.has(needed), `${app}: ${needed}`);
      }
    }
    assert(recording.requirementsOf("iam-kratos-chart-release").has("iam-kratos-mail-synced"));
    for (const needed of ["keys-synced", "access-account", "tls-certificate"]) {
      assert(recording.requirementsOf("iam-identity-deployment").has(`iam-identity-${needed}`), needed);
    }
  });

  it("restarts the servers that read a key at their start only, Kratos' courier too, and none for a new database user", async () => {
    const recording = await recordIam();
    const restarts = (name: string): unknown =>
      valueAt(recording.named(name).inputs, ["spec", "rolloutRestartTargets"]);
    assert.deepEqual(restarts("iam-hydra-keys-synced"), [{ kind: "Deployment", name: "hydra" }]);
    assert.equal(restarts("iam-hydra-database-synced"), undefined);
    assert.deepEqual(restarts("iam-kratos-keys-synced"), [
      { kind: "Deployment", name: "kratos" },
      { kind: "StatefulSet", name: "kratos-courier" },
    ]);
    assert.equal(restarts("iam-kratos-database-synced"), undefined);
    assert.deepEqual(restarts("iam-identity-keys-synced"), [{ kind: "Deployment", name: "identity" }]);
  });

  it("gives its pages the roles of people, in a configuration that they accept", async () => {
    const operator = ["ops@bibind.test"];
    const recording = await recordIam({ settings: { people: { operator } } });
    const config = pagesConfig.parse(configOf(recording.named("iam-identity-config")));
    assert.deepEqual(config.groups, { operator, auditor: [], developer: [] });
    assert.equal(config.publicUrl, "https://auth.bibind.test");
  });
});

describe("the OAuth2 clients of the layer iam", () => {
  const clientIds = (resources: readonly { readonly inputs: unknown }[]): unknown[] =>
    resources.map(({ inputs }) => valueAt(inputs, ["spec", "clientId"]));
  const type = "kubernetes:bibind.com/v1:OAuthClient";
  const outside = {
    clientId: "reports",
    name: "Reports",
    grantTypes: ["authorization_code", "refresh_token"],
    redirectUris: ["https://reports.example.com/callback"],
    scopes: ["vm:read"],
  };

  it("are the client of Vault and those of the settings, and no others", async () => {
    assert.deepEqual(clientIds((await recordIam()).ofType(type)), ["vault"]);
    const recording = await recordIam({ settings: { oauthClients: [outside] } });
    assert.deepEqual(clientIds(recording.ofType(type)), ["vault", "reports"]);
  });

  it("are accepted by the controller", async () => {
    const recording = await recordIam({ settings: { oauthClients: [outside] } });
    for (const { inputs } of recording.ofType(type)) {
      const { success, error } = oauthClientSpec.safeParse(inputs["spec"]);
      assert(success, error?.message);
    }
  });

  it("are declared when the controller and Hydra run", async () => {
    const recording = await recordIam({ settings: { oauthClients: [outside] } });
    for (const { name } of recording.ofType(type)) {
      const required = recording.requirementsOf(name);
      for (const needed of [
        "iam-oauth-clients-deployment",
        "iam-oauth-clients-definition",
        "iam-hydra-chart-release",
      ]) {
        assert(required.has(needed), `${name}: ${needed}`);
      }
    }
  });

  it("do not change the controller, which reads them from Kubernetes", async () => {
    const names = ["iam-oauth-clients-config", "iam-oauth-clients-deployment"];
    const [before, after] = [await recordIam(), await recordIam({ settings: { oauthClients: [outside] } })];
    for (const name of names) {
      assert.deepEqual(after.named(name).inputs, before.named(name).inputs);
    }
  });
});

describe("the controller of OAuth2 clients", () => {
  const config = z.object({
    hydra: z.unknown(),
    vault: z.looseObject({ role: z.string(), address: z.string() }),
    signIn: z.unknown(),
  });

  it("has an identity of its own in Vault, and Hydra's admin API", async () => {
    const { hydra, vault } = config.parse(configOf((await recordIam()).named("iam-oauth-clients-config")));
    assert.deepEqual(hydra, { adminUrl: hydraAdminUrl("iam") });
    assert.deepEqual([vault.role, vault.address], ["iam-oauth-clients", "https://vault.iam.svc:8200"]);
  });

  it("configures by which client and issuer people sign in to Vault, and which CA verifies the issuer", async () => {
    const { signIn } = config.parse(configOf((await recordIam()).named("iam-oauth-clients-config")));
    assert.deepEqual(signIn, {
      mount: "oidc",
      clientId: "vault",
      namespace: "iam",
      issuer: "https://auth.bibind.test",
      caCertificate: "THE EDGE CA",
      defaultRole: "person",
    });
  });
});
