import assert from "node:assert/strict";
import { hydraAdminUrl, hydraPorts } from "../../../../components/identity/endpoints.ts";
import { Hydra } from "../../../../components/identity/hydra.ts";
import { containerSecurity } from "../../../../components/kubernetes/pods.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { isSecret, record, type Recording } from "../../../support/mocks.ts";
import { settled } from "../../../support/outputs.ts";
import { oryServer } from "../../../support/sign-in-server.ts";

/** No test changes a recording, so they share one. */
let shared: Promise<Recording<Hydra>> | undefined;
const recorded = () => (shared ??= record(() => new Hydra("server", oryServer("hydra"), {})));
const values = async (...path: string[]): Promise<unknown> =>
  valueAt((await recorded()).named("server-chart-release").inputs["values"], path);
const config = (...path: string[]): Promise<unknown> => values("hydra", "config", ...path);

describe("Hydra", () => {
  it("issues tokens under the URL of the sign-in host", async () => {
    assert.equal(await config("urls", "self", "issuer"), "https://auth.bibind.test");
    assert.equal(await settled((await recorded()).result.url), "https://auth.bibind.test");
  });

  it("has no secret in its values: keys and database user come from Secrets", async () => {
    const given = await values();
    assert.equal(isSecret(given), false);
    assert.deepEqual(await values("secret"), { enabled: false, nameOverride: "hydra-keys" });
    assert.deepEqual([await config("dsn"), await config("secrets")], [undefined, undefined]);
  });

  it("migrates its database before it starts, with the same service file", async () => {
    assert.deepEqual(await values("hydra", "automigration"), { enabled: true, type: "initContainer" });
    const server = [await values("deployment", "extraEnv")].flat();
    const [migration] = [await values("deployment", "automigration", "extraEnv")].flat();
    assert.equal(valueAt(migration, ["name"]), "PGSERVICEFILE");
    assert(server.some((variable) => JSON.stringify(variable) === JSON.stringify(migration)));
  });

  it("migrates in a container without privileges, which the chart does not give it by itself", async () => {
    assert.deepEqual(await values("deployment", "initContainerSecurityContext"), containerSecurity);
  });

  it("serves TLS on both ports, with a certificate that is valid for both Services", async () => {
    for (const [api, port] of Object.entries(hydraPorts)) {
      assert.deepEqual(await config("serve", api, "tls"), {
        enabled: true,
        cert: { path: "/etc/tls/tls.crt" },
        key: { path: "/etc/tls/tls.key" },
      });
      assert.equal(await config("serve", api, "port"), port);
    }
    assert.deepEqual(valueAt((await recorded()).named("server-tls-certificate").inputs, ["spec", "dnsNames"]), [
      "hydra-public.iam.svc",
      "hydra-admin.iam.svc",
    ]);
    assert.equal(hydraAdminUrl("iam"), "https://hydra-admin.iam.svc:4445");
  });

  it("has a route from the sign-in host, with the certificate of the host", async () => {
    const { inputs } = (await recorded()).named("server-route-ingress");
    assert.deepEqual(valueAt(inputs, ["spec", "tls"]), [{ hosts: ["auth.bibind.test"], secretName: "identity-edge" }]);
    const backend = valueAt(inputs, ["spec", "rules", "0", "http", "paths", "0", "backend", "service"]);
    assert.deepEqual(backend, { name: "hydra-public", port: { number: 4444 } });
  });

  it("annotates its public Service, so that the ingress verifies its certificate", async () => {
    const recording = await recorded();
    const { inputs } = recording.named("server-chart-release");
    const annotations = valueAt(inputs["values"], ["service", "public", "annotations"]);
    const transport = recording.named("server-route-transport").inputs["metadata"];
    assert.equal(
      valueAt(annotations, ["traefik.ingress.kubernetes.io/service.serverstransport"]),
      `iam-${String(valueAt(transport, ["name"]))}@kubernetescrd`,
    );
  });

  it("shows the endpoints of its clients at the ingress, as whole paths, and nothing else", async () => {
    const recording = await recorded();
    const ingresses = recording.ofType("kubernetes:networking.k8s.io/v1:Ingress");
    assert.equal(ingresses.length, 1);
    const paths = valueAt(ingresses[0]?.inputs, ["spec", "rules", "0", "http", "paths"]);
    assert(Array.isArray(paths));
    for (const path of paths) {
      assert.equal(valueAt(path, ["backend", "service", "name"]), "hydra-public");
      assert.equal(valueAt(path, ["pathType"]), "Exact");
      assert.match(
        String(valueAt(path, ["path"])),
        /^\/(oauth2\/(auth|token|revoke|sessions\/logout)|userinfo|\.well-known\/(openid-configuration|jwks\.json))$/,
      );
    }
  });

  it("sends people to the pages of the sign-in host", async () => {
    for (const page of ["login", "consent", "logout", "error"]) {
      assert.equal(await config("urls", page), `https://auth.bibind.test/${page}`);
    }
  });

  it("accepts no client that registers itself, and no public client without PKCE", async () => {
    assert.equal(await config("oidc", "dynamic_client_registration", "enabled"), false);
    assert.equal(await config("oauth2", "pkce", "enforced_for_public_clients"), true);
    assert.equal(await values("maester", "enabled"), false);
  });

  it("shows no secret in logs, errors or its database", async () => {
    assert.equal(await config("log", "leak_sensitive_values"), false);
    assert.equal(await config("oauth2", "expose_internal_errors"), false);
    assert.equal(await config("oauth2", "session", "encrypt_at_rest"), true);
  });

  it("runs the given number of pods, with its service account and the label that the openings of its relations select", async () => {
    assert.equal(await values("replicaCount"), 2);
    assert.deepEqual(await values("deployment", "serviceAccount"), { create: false, name: "hydra" });
    assert.equal(await values("deployment", "podMetadata", "labels", "bibind.com/application"), "hydra");
  });
});
