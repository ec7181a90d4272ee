import assert from "node:assert/strict";
import { Hydra, hydraAdminUrl, hydraPorts } from "../../../../components/identity/hydra.ts";
import { valueAt } from "../../../../stacks/settings/anatomy.ts";
import { isSecret, namesBehind, record } from "../../../support/mocks.ts";
import { settled } from "../../../support/outputs.ts";
import { signInPlace } from "../../../support/sign-in-place.ts";

const recorded = () =>
  record(
    () =>
      new Hydra(
        "hydra",
        {
          ...signInPlace,
          serviceAccount: "hydra",
          keyringSecret: "hydra-keys",
          databaseSecret: "hydra-database",
        },
        {},
      ),
  );
const values = async (...path: string[]): Promise<unknown> =>
  valueAt((await recorded()).named("hydra-chart-release").inputs["values"], path);
const config = (...path: string[]): Promise<unknown> => values("hydra", "config", ...path);

describe("Hydra", () => {
  it("issues tokens in the name of the sign-in host, and says so once it answers", async () => {
    assert.equal(await config("urls", "self", "issuer"), "https://auth.bibind.test");
    const { result } = await recorded();
    assert.equal(await settled(result.url), "https://auth.bibind.test");
    assert((await namesBehind(result.url)).includes("hydra-chart-release"));
  });

  it("is configured without a secret: keys and database come from Secrets of others", async () => {
    const given = await values();
    assert.equal(isSecret(given), false);
    assert.deepEqual(await values("secret"), { enabled: false, nameOverride: "hydra-keys" });
    assert.deepEqual([await config("dsn"), await config("secrets")], [undefined, undefined]);
  });

  it("brings its database up to date before it starts, by the same service file", async () => {
    assert.deepEqual(await values("hydra", "automigration"), { enabled: true, type: "initContainer" });
    const server = [await values("deployment", "extraEnv")].flat();
    const [migration] = [await values("deployment", "automigration", "extraEnv")].flat();
    assert.equal(valueAt(migration, ["name"]), "PGSERVICEFILE");
    assert(server.some((variable) => JSON.stringify(variable) === JSON.stringify(migration)));
  });

  it("speaks TLS on both of its ports, by a certificate that is good for both of its Services", async () => {
    for (const [door, port] of Object.entries(hydraPorts)) {
      assert.deepEqual(await config("serve", door, "tls"), {
        enabled: true,
        cert: { path: "/etc/tls/tls.crt" },
        key: { path: "/etc/tls/tls.key" },
      });
      assert.equal(await config("serve", door, "port"), port);
    }
    assert.deepEqual(valueAt((await recorded()).named("hydra-tls-certificate").inputs, ["spec", "dnsNames"]), [
      "hydra-public.iam.svc",
      "hydra-admin.iam.svc",
    ]);
    assert.equal(hydraAdminUrl("iam"), "https://hydra-admin.iam.svc:4445");
  });

  it("shows its public API at the front door and its admin API to nobody there", async () => {
    const recording = await recorded();
    const ingresses = recording.ofType("kubernetes:networking.k8s.io/v1:Ingress");
    assert.equal(ingresses.length, 1);
    const paths = valueAt(ingresses[0]?.inputs, ["spec", "rules", "0", "http", "paths"]);
    assert(Array.isArray(paths));
    for (const path of paths) {
      assert.equal(valueAt(path, ["backend", "service", "name"]), "hydra-public");
      assert.match(String(valueAt(path, ["path"])), /^\/(oauth2|userinfo|\.well-known)$/);
    }
  });

  it("sends people to the pages of the sign-in host", async () => {
    for (const page of ["login", "consent", "logout", "error"]) {
      assert.equal(await config("urls", page), `https://auth.bibind.test/${page}`);
    }
  });

  it("takes no client that was not declared, and no public client without PKCE", async () => {
    assert.equal(await config("oidc", "dynamic_client_registration", "enabled"), false);
    assert.equal(await config("oauth2", "pkce", "enforced_for_public_clients"), true);
    assert.equal(await values("maester", "enabled"), false);
  });

  it("tells nobody what it keeps to itself", async () => {
    assert.equal(await config("log", "leak_sensitive_values"), false);
    assert.equal(await config("oauth2", "expose_internal_errors"), false);
    assert.equal(await config("oauth2", "session", "encrypt_at_rest"), true);
  });

  it("runs as many pods as asked for, of its own service account, found by the openings of its relations", async () => {
    assert.equal(await values("replicaCount"), 2);
    assert.deepEqual(await values("deployment", "serviceAccount"), { create: false, name: "hydra" });
    assert.equal(await values("deployment", "podMetadata", "labels", "bibind.com/application"), "hydra");
  });
});
