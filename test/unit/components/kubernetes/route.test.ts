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
    assert.match(
      String(valueAt(annotations, ["traefik.ingress.kubernetes.io/router.middlewares"])),
      /^iam-hydra@kubernetescrd,/,
    );
    const { inputs } = recording.named("hydra-security");
    assert(Number(valueAt(inputs, ["spec", "headers", "stsSeconds"])) >= 31_536_000);
  });

  it("sees a request after every middleware, each of which exists before the route", async () => {
    const recording = await recorded();
    const middlewares = recording.resources.filter(({ inputs }) => inputs["kind"] === "Middleware");
    const { inputs, dependsOn } = recording.named("hydra-ingress");
    assert.equal(
      valueAt(inputs, ["metadata", "annotations", "traefik.ingress.kubernetes.io/router.middlewares"]),
      middlewares.map((each) => `iam-${String(valueAt(each.inputs, ["metadata", "name"]))}@kubernetescrd`).join(","),
    );
    assert.deepEqual(
      middlewares.map(({ name }) => name).filter((name) => !dependsOn.includes(name)),
      [],
      "a missing middleware stops the route",
    );
  });

  it("limits the requests of each client, and those that wait", async () => {
    const recording = await recorded();
    const specOf = (suffix: string) => recording.named(`hydra-${suffix}`).inputs["spec"];
    const client = { ipStrategy: { depth: 0 } };
    assert.deepEqual(valueAt(specOf("rate"), ["rateLimit", "sourceCriterion"]), client);
    assert.deepEqual(valueAt(specOf("concurrency"), ["inFlightReq", "sourceCriterion"]), client);
  });

  it("removes headers that the Service must not see", async () => {
    const { inputs } = (await recorded({ removedHeaders: ["X-Wrap"] })).named("hydra-security");
    assert.deepEqual(valueAt(inputs, ["spec", "headers", "customRequestHeaders"]), { "X-Wrap": "" });
  });

  it("refuses everybody below closed paths, on each of its hosts, before the Service sees the request", async () => {
    const second = { host: "welcome.bibind.test", tlsSecret: "welcome-edge" };
    const recording = await recorded({ hosts: [...args.hosts, second], closedPaths: ["/v1/a", "/v1/b"] });
    const { inputs } = recording.named("hydra-closed-1");
    assert.deepEqual(valueAt(inputs, ["spec", "tls"]), { secretName: "welcome-edge" });
    const route = valueAt(inputs, ["spec", "routes", 0]);
    assert.equal(
      valueAt(route, ["match"]),
      "Host(`welcome.bibind.test`) && (PathPrefix(`/v1/a`) || PathPrefix(`/v1/b`))",
    );
    assert.deepEqual(valueAt(route, ["services"]), [{ kind: "TraefikService", name: "noop@internal" }]);
    const { spec, metadata } = recording.named("hydra-refusal").inputs;
    assert.deepEqual(spec, { ipAllowList: { sourceRange: ["255.255.255.255/32"] } });
    assert.equal(valueAt(route, ["middlewares", 0, "name"]), valueAt(metadata, ["name"]));
    assert(Number(valueAt(route, ["priority"])) > 100_000);
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
