import assert from "node:assert/strict";
import { Route, verifiedTls, type RouteArgs } from "../../../../components/kubernetes/route.ts";
import { valueAt } from "../../../../stacks/settings/anatomy.ts";
import { record } from "../../../support/mocks.ts";

const args: RouteArgs = {
  namespace: "iam",
  host: "auth.bibind.test",
  paths: ["/oauth2", "/userinfo"],
  service: "hydra-public",
  port: 4444,
  ingressClass: "public",
  tlsSecret: "sign-in-door",
};
const recorded = () => record(() => new Route("hydra", args, {}));

describe("Route", () => {
  it("takes the paths of one host to the Service's port, and nothing else", async () => {
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

  it("answers with the certificate of the host", async () => {
    const { inputs } = (await recorded()).named("hydra-ingress");
    assert.deepEqual(valueAt(inputs, ["spec", "tls"]), [{ hosts: ["auth.bibind.test"], secretName: "sign-in-door" }]);
  });

  it("checks that the Service has a certificate of the platform's CA for its own name", async () => {
    const { inputs } = (await recorded()).named("hydra-transport");
    assert.deepEqual(inputs["spec"], { serverName: "hydra-public.iam.svc", rootCAsSecrets: ["bibind-ca"] });
  });

  it("is what the annotations on the Service refer to", async () => {
    const { inputs } = (await recorded()).named("hydra-transport");
    const [namespace, name] = ["namespace", "name"].map((key) => String(valueAt(inputs, ["metadata", key])));
    assert.deepEqual(verifiedTls("iam", "hydra-public"), {
      "traefik.ingress.kubernetes.io/service.serversscheme": "https",
      "traefik.ingress.kubernetes.io/service.serverstransport": `${namespace}-${name}@kubernetescrd`,
    });
  });
});
