import assert from "node:assert/strict";
import { Route, verifiedTls, type RouteArgs } from "../../../../components/kubernetes/route.ts";
import { disallowIngressWithoutTls } from "../../../../policies/disallow-ingress-without-tls.ts";
import { disallowPlainHttp } from "../../../../policies/disallow-plain-http.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { record } from "../../../support/mocks.ts";
import { violationsOf } from "../../../support/policies.ts";

const args: RouteArgs = {
  namespace: "iam",
  hosts: [{ host: "auth.bibind.test", tlsSecret: "identity-edge" }],
  paths: ["/oauth2", "/userinfo"],
  service: "hydra-public",
  port: 4444,
  ingressClass: "public",
};
const recorded = (more: Partial<RouteArgs> = {}) => record(() => new Route("hydra", { ...args, ...more }, {}));

describe("Route", () => {
  it("routes the paths of one host to the port of the Service, and nothing else", async () => {
    const { inputs } = (await recorded()).named("hydra-ingress");
    const backend = { service: { name: "hydra-public", port: { number: 4444 } } };
    assert.deepEqual(valueAt(inputs, ["spec", "rules"]), [
      {
        host: "auth.bibind.test",
        http: {
          paths: [
            { path: "/oauth2", pathType: "Prefix", backend },
            { path: "/userinfo", pathType: "Prefix", backend },
          ],
        },
      },
    ]);
    assert.equal(valueAt(inputs, ["spec", "ingressClassName"]), "public");
  });

  it("routes whole paths when they are no prefixes", async () => {
    const { inputs } = (await recorded({ pathType: "Exact" })).named("hydra-ingress");
    const paths = [valueAt(inputs, ["spec", "rules", "0", "http", "paths"])].flat();
    assert.deepEqual(
      paths.map((path: unknown) => valueAt(path, ["pathType"])),
      ["Exact", "Exact"],
    );
  });

  it("serves the certificate of the host", async () => {
    const { inputs } = (await recorded()).named("hydra-ingress");
    assert.deepEqual(valueAt(inputs, ["spec", "tls"]), [{ hosts: ["auth.bibind.test"], secretName: "identity-edge" }]);
  });

  it("routes the paths of a second host in the same way, with the certificate of that host", async () => {
    const second = { host: "welcome.bibind.test", tlsSecret: "welcome-edge" };
    const { inputs } = (await recorded({ hosts: [...args.hosts, second] })).named("hydra-ingress");
    const rules = valueAt(inputs, ["spec", "rules"]);
    assert(Array.isArray(rules));
    assert.deepEqual(
      rules.map((rule: unknown) => valueAt(rule, ["host"])),
      ["auth.bibind.test", "welcome.bibind.test"],
    );
    assert.deepEqual(valueAt(rules, ["1", "http"]), valueAt(rules, ["0", "http"]));
    assert.deepEqual(valueAt(inputs, ["spec", "tls", "1"]), { hosts: [second.host], secretName: second.tlsSecret });
  });

  it("is served over TLS only, and makes browsers use TLS only", async () => {
    const recording = await recorded();
    const annotations = valueAt(recording.named("hydra-ingress").inputs, ["metadata", "annotations"]);
    assert.equal(valueAt(annotations, ["traefik.ingress.kubernetes.io/router.entrypoints"]), "websecure");
    const security = recording.named("hydra-security").inputs;
    const [namespace, name] = ["namespace", "name"].map((key) => String(valueAt(security, ["metadata", key])));
    assert.equal(
      valueAt(annotations, ["traefik.ingress.kubernetes.io/router.middlewares"]),
      `${namespace}-${name}@kubernetescrd`,
    );
    assert(Number(valueAt(security, ["spec", "headers", "stsSeconds"])) >= 31_536_000);
    assert(
      recording.named("hydra-ingress").dependsOn.includes("hydra-security"),
      "a missing middleware stops the route",
    );
  });

  it("satisfies the policies of every environment", async () => {
    const { type, inputs } = (await recorded()).named("hydra-ingress");
    for (const policy of [disallowIngressWithoutTls, disallowPlainHttp]) {
      assert.deepEqual(await violationsOf(policy, type, inputs), []);
    }
  });

  it("verifies that the Service has a certificate of the cluster-internal CA for its own name", async () => {
    const { inputs } = (await recorded()).named("hydra-transport");
    assert.deepEqual(inputs["spec"], { serverName: "hydra-public.iam.svc", rootCAsSecrets: ["bibind-ca"] });
  });

  it("is the transport to which the annotations of the Service refer", async () => {
    const { inputs } = (await recorded()).named("hydra-transport");
    const [namespace, name] = ["namespace", "name"].map((key) => String(valueAt(inputs, ["metadata", key])));
    assert.deepEqual(verifiedTls("iam", "hydra-public"), {
      "traefik.ingress.kubernetes.io/service.serversscheme": "https",
      "traefik.ingress.kubernetes.io/service.serverstransport": `${namespace}-${name}@kubernetescrd`,
    });
  });
});
