import { ensureSandboxIsUp, foundationOutputs, Kubectl } from "../../support/sandbox.ts";
import { asAdministrator, cannotWrite, canWrite } from "./positions.ts";

const namespace = "attack-names";
const service = { service: { name: "attack", port: { number: 80 } } };

interface IngressCase {
  readonly host?: string;
  readonly path?: string;
  readonly tlsHost?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec?: object;
}

function ingress({ host, path = "/", tlsHost, annotations = {}, spec = {} }: IngressCase): object {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name: "attack", namespace, annotations },
    spec: {
      ingressClassName: "public",
      rules: [{ host, http: { paths: [{ path, pathType: "ImplementationSpecific", backend: service }] } }],
      tls: tlsHost === undefined ? [] : [{ hosts: [tlsHost], secretName: "attack" }],
      ...spec,
    },
  };
}

function certificate(spec: object, issuer = "bibind"): object {
  const issuerRef = { kind: "ClusterIssuer", name: issuer };
  return {
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
    metadata: { name: "attack", namespace },
    spec: { secretName: "attack", issuerRef, ...spec },
  };
}

describe("an administrator of one namespace", function () {
  this.timeout(600_000);
  let deployer: Kubectl;
  let mallory: Kubectl;
  let domain: string;

  before(async () => {
    await ensureSandboxIsUp();
    deployer = await Kubectl.ofSandbox();
    ({ domain } = await foundationOutputs());
    mallory = await asAdministrator(deployer, namespace);
  });

  after(() => deployer.run("delete", "namespace", namespace, "--wait=false"));

  const refusedIngress = (given: IngressCase): Promise<void> =>
    cannotWrite(mallory, ingress(given), /bibind-names-ingresses/);

  it("takes no host of the platform, no path below one, and no wildcard over them", async () => {
    await canWrite(mallory, ingress({ host: "shop.example.com", tlsHost: "shop.example.com" }));
    for (const host of [
      `auth.${domain}`,
      `new.${domain}`,
      domain,
      `*.${domain}`,
      `*.${domain.split(".").at(-1) ?? ""}`,
    ]) {
      await refusedIngress({ host, path: "/login" });
    }
  });

  it("takes no host by naming none, by a default backend, or by a certificate", async () => {
    await refusedIngress({ path: "/a-long-path-comes-before-the-hosts" });
    await refusedIngress({ host: "shop.example.com", spec: { defaultBackend: service } });
    await refusedIngress({ host: "shop.example.com", tlsHost: `auth.${domain}` });
  });

  it("writes no other host into the rule that Traefik makes of a path", async () => {
    await refusedIngress({ host: "shop.example.com", path: `/\`) || Host(\`auth.${domain}` });
    const annotations = { "traefik.ingress.kubernetes.io/router.pathMatcher": `Host(\`auth.${domain}\`) || Path` };
    await refusedIngress({ host: "shop.example.com", annotations });
  });

  it("makes no route and no TLS object of Traefik itself", async () => {
    const routes = [{ kind: "Rule", match: `Host(\`auth.${domain}\`)`, services: [{ name: "attack", port: 80 }] }];
    for (const [kind, spec] of [
      ["IngressRoute", { routes }],
      ["TLSStore", {}],
      ["TLSOption", {}],
    ] as const) {
      const object = { apiVersion: "traefik.io/v1alpha1", kind, metadata: { name: "default", namespace }, spec };
      await cannotWrite(mallory, object, /bibind-names-routes/);
    }
  });

  it("takes no connections to the node by an address of a Service", async () => {
    const object = (spec: object): object => ({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "attack", namespace },
      spec: { ports: [{ port: 443 }], ...spec },
    });
    await canWrite(mallory, object({}));
    await cannotWrite(mallory, object({ externalIPs: ["192.0.2.1"] }), /bibind-names-services/);
  });

  it("gets no certificate for a name of somebody else, nor one of another authority", async () => {
    await canWrite(mallory, certificate({ dnsNames: [`web.${namespace}.svc`] }));
    for (const spec of [
      { dnsNames: [`auth.${domain}`] },
      { dnsNames: ["vault.iam.svc"] },
      { dnsNames: [`web.${namespace}.svc`, "postgres-rw.iam.svc"] },
      { dnsNames: [`web.${namespace}.svc`], commonName: "vault.iam.svc" },
      { dnsNames: [`web.${namespace}.svc`], isCA: true },
      { dnsNames: [`web.${namespace}.svc`], ipAddresses: ["127.0.0.1"] },
      { dnsNames: [`web.${namespace}.svc`], uris: ["spiffe://iam/vault"] },
    ]) {
      await cannotWrite(mallory, certificate(spec), /bibind-names-certificates/);
    }
  });

  it("sends no request of its own to the platform's issuer", async () => {
    const object = (kind: string, apiVersion: string, spec: object): object => ({
      apiVersion,
      kind,
      metadata: { name: "attack", namespace },
      spec: { issuerRef: { kind: "ClusterIssuer", name: "bibind" }, ...spec },
    });
    const request = Buffer.from("no request").toString("base64");
    for (const attempt of [
      object("CertificateRequest", "cert-manager.io/v1", { request, isCA: true }),
      object("Order", "acme.cert-manager.io/v1", { request }),
    ]) {
      await cannotWrite(mallory, attempt, /bibind-names-requests/);
    }
  });
});
