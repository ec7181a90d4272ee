import assert from "node:assert/strict";
import { FrontDoor } from "../../../../components/kubernetes/front-door.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { record, type Recording } from "../../../support/mocks.ts";

const recorded = () => record(() => new FrontDoor("front-door", { namespace: "ingress" }, {}));

/** The routes of port 80, with the spec of the middleware that answers. */
function routesOf(recording: Recording<FrontDoor>) {
  const { inputs } = recording.named("front-door-plain");
  const middlewares = recording.resources.filter(({ inputs }) => inputs["kind"] === "Middleware");
  const routes = valueAt(inputs, ["spec", "routes"]);
  assert(Array.isArray(routes));
  return routes.map((route: unknown) => {
    const name = valueAt(route, ["middlewares", 0, "name"]);
    const answer = middlewares.find((middleware) => valueAt(middleware.inputs, ["metadata", "name"]) === name);
    return { match: String(valueAt(route, ["match"])), priority: Number(valueAt(route, ["priority"])), route, answer };
  });
}

describe("FrontDoor", () => {
  it("answers on port 80 only", async () => {
    const { inputs } = (await recorded()).named("front-door-plain");
    assert.deepEqual(valueAt(inputs, ["spec", "entryPoints"]), ["web"]);
    assert.equal(valueAt(inputs, ["spec", "tls"]), undefined);
  });

  it("accepts TLS 1.3, and of TLS 1.2 only what encrypts with authentication and forward secrecy", async () => {
    const { inputs } = (await recorded()).named("front-door-tls");
    assert.equal(valueAt(inputs, ["metadata", "name"]), "default", "Traefik uses the options of this name by itself");
    assert.equal(valueAt(inputs, ["spec", "minVersion"]), "VersionTLS12");
    const suites = valueAt(inputs, ["spec", "cipherSuites"]);
    assert(Array.isArray(suites) && suites.length > 0);
    for (const suite of suites) {
      assert.match(String(suite), /^TLS_ECDHE_\w+_(GCM_SHA\d+|POLY1305_SHA256)$/);
    }
  });

  it("redirects reading requests to TLS for every host, except the challenges of a public CA", async () => {
    const [redirect] = routesOf(await recorded());
    assert.equal(redirect?.match, "(Method(`GET`) || Method(`HEAD`)) && !PathPrefix(`/.well-known/acme-challenge/`)");
    assert.deepEqual(redirect.answer?.inputs["spec"], { redirectScheme: { scheme: "https", permanent: true } });
  });

  it("refuses every other request for every host and path, because its content was already sent in clear", async () => {
    const [, refusal] = routesOf(await recorded());
    assert.equal(refusal?.match, "!(Method(`GET`) || Method(`HEAD`))");
    assert.deepEqual(refusal.answer?.inputs["spec"], { ipAllowList: { sourceRange: ["255.255.255.255/32"] } });
  });

  it("comes before every other route, so that no Ingress and no dashboard answers on port 80", async () => {
    for (const { match, priority } of routesOf(await recorded())) {
      assert.doesNotMatch(match, /Host/);
      // The priority of a route without one is the length of its rule.
      assert(priority > 100_000, String(priority));
    }
  });

  it("reaches no program of the platform", async () => {
    for (const { route } of routesOf(await recorded())) {
      assert.deepEqual(valueAt(route, ["services"]), [{ kind: "TraefikService", name: "noop@internal" }]);
    }
  });

  it("has all its objects in one namespace, because Traefik refuses a reference to another one", async () => {
    const objects = (await recorded()).resources.filter(({ custom }) => custom);
    assert.equal(objects.length, 4);
    for (const { inputs } of objects) {
      assert.equal(valueAt(inputs, ["metadata", "namespace"]), "ingress");
    }
  });
});
