import assert from "node:assert/strict";
import { clientsConfig } from "../../../../services/identity/clients/command.ts";
import { pagesConfig } from "../../../../services/identity/pages/config.ts";
import { hydraAdminUrl } from "../../../../components/identity/hydra.ts";
import { charts } from "../../../../stacks/versions.ts";
import { valueAt } from "../../../../stacks/settings/anatomy.ts";
import { recordIam } from "../../../support/iam.ts";
import { namesBehind } from "../../../support/mocks.ts";

function configOf(resource: { readonly inputs: unknown }): unknown {
  return JSON.parse(String(valueAt(resource.inputs, ["data", "config.json"])));
}

describe("the sign-in of the layer iam", () => {
  it("is at one name below the domain, by which everything is reached", async () => {
    const recording = await recordIam({ settings: { signIn: { hostName: "login" } } });
    assert.deepEqual(valueAt(recording.named("iam-sign-in-door-certificate").inputs, ["spec", "dnsNames"]), [
      "login.bibind.test",
    ]);
    for (const part of ["hydra", "kratos", "identity"]) {
      const { inputs } = recording.named(`iam-${part}-route-ingress`);
      assert.equal(valueAt(inputs, ["spec", "rules", "0", "host"]), "login.bibind.test");
      assert.equal(valueAt(inputs, ["spec", "tls", "0", "secretName"]), "sign-in-door");
    }
  });

  it("gives no path of its host to two", async () => {
    const recording = await recordIam();
    const paths = ["hydra", "kratos", "identity"].flatMap((part) => {
      const rules = valueAt(recording.named(`iam-${part}-route-ingress`).inputs, [
        "spec",
        "rules",
        "0",
        "http",
        "paths",
      ]);
      assert(Array.isArray(rules));
      return rules.map((rule) => String(valueAt(rule, ["path"])));
    });
    assert.equal(new Set(paths).size, paths.length);
    assert(paths.includes("/"));
  });

  it("runs Hydra and Kratos from their pinned charts, as many pods as the settings say", async () => {
    const recording = await recordIam({ settings: { signIn: { replicas: 3 } } });
    for (const app of ["hydra", "kratos"] as const) {
      const { inputs } = recording.named(`iam-${app}-chart-release`);
      assert.deepEqual([inputs["chart"], inputs["version"]], [charts[app].chart, charts[app].version]);
      assert.equal(valueAt(inputs, ["values", "replicaCount"]), 3);
    }
    assert.equal(valueAt(recording.named("iam-identity-deployment").inputs, ["spec", "replicas"]), 3);
  });

  it("starts no server before its keys, its database and its account are there", async () => {
    const recording = await recordIam();
    for (const app of ["hydra", "kratos"]) {
      const { uses } = recording.named(`iam-${app}-chart-release`);
      for (const needed of ["keys-synced", "database-synced", "access-role"]) {
        assert(uses.includes(`iam-${app}-${needed}`), `${app}: ${needed}`);
      }
    }
    assert(recording.named("iam-kratos-chart-release").uses.includes("iam-kratos-mail-synced"));
    assert(recording.named("iam-identity-deployment").uses.includes("iam-identity-keys-synced"));
  });

  it("starts anew what cannot read a new key while it runs, Kratos' courier too, and nothing for a new database user", async () => {
    const recording = await recordIam();
    const restarts = (name: string): unknown =>
      valueAt(recording.named(name).inputs, ["spec", "rolloutRestartTargets"]);
    const hydra = [{ kind: "Deployment", name: "hydra" }];
    const kratos = [
      { kind: "Deployment", name: "kratos" },
      { kind: "StatefulSet", name: "kratos-courier" },
    ];
    assert.deepEqual(restarts("iam-hydra-keys-synced"), hydra);
    assert.equal(restarts("iam-hydra-database-synced"), undefined);
    assert.deepEqual(restarts("iam-kratos-keys-synced"), kratos);
    assert.equal(restarts("iam-kratos-database-synced"), undefined);
    assert.deepEqual(restarts("iam-identity-keys-synced"), [{ kind: "Deployment", name: "identity" }]);
  });

  it("tells its pages who has which role, in words that they understand", async () => {
    const operator = ["ops@bibind.test"];
    const recording = await recordIam({ settings: { people: { operator } } });
    const config = pagesConfig.parse(configOf(recording.named("iam-identity-config")));
    assert.deepEqual(config.groups, { operator, auditor: [], developer: [] });
    assert.equal(config.publicUrl, "https://auth.bibind.test");
  });

  it("tells the reconciler every client, in words that it understands", async () => {
    const oauthClients = [{ clientId: "reports", name: "Reports", scopes: ["vm:read"] }];
    const recording = await recordIam({ settings: { oauthClients } });
    const config = clientsConfig.parse(configOf(recording.named("iam-oauth-clients-config")));
    assert.deepEqual(
      config.clients.map(({ clientId }) => clientId),
      ["vault", "reports"],
    );
    assert.equal(config.hydra.adminUrl, hydraAdminUrl("iam"));
    assert.equal(config.vault.role, "iam-oauth-clients");
  });

  it("tells Vault by which client and issuer people sign in, and which CA to believe", async () => {
    const config = clientsConfig.parse(configOf((await recordIam()).named("iam-oauth-clients-config")));
    assert.deepEqual(config.signIn, {
      mount: "oidc",
      clientId: "vault",
      issuer: "https://auth.bibind.test",
      caCertificate: "THE CA OF THE DOOR",
      defaultRole: "person",
    });
  });

  it("reconciles the clients when Hydra answers, again when they change, and every few minutes", async () => {
    const recording = await recordIam();
    const other = await recordIam({ settings: { oauthClients: [{ clientId: "reports", name: "Reports" }] } });
    const jobName = ({ inputs }: { readonly inputs: unknown }): unknown => valueAt(inputs, ["metadata", "name"]);
    const job = recording.named("iam-oauth-clients-job");
    assert(job.uses.includes("iam-hydra-chart-release"));
    assert.notEqual(jobName(other.named("iam-oauth-clients-job")), jobName(job));
    assert.match(
      String(valueAt(recording.named("iam-oauth-clients-schedule").inputs, ["spec", "schedule"])),
      /^\*\/\d+ /,
    );
  });

  it("has a URL once both the pages and Kratos answer, and an issuer once Hydra does", async () => {
    const { result } = await recordIam();
    const behind = await namesBehind(result.signInUrl);
    assert(behind.includes("iam-identity-deployment") && behind.includes("iam-kratos-chart-release"));
    assert((await namesBehind(result.issuer)).includes("iam-hydra-chart-release"));
  });
});
