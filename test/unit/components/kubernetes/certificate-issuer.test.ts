import assert from "node:assert/strict";
import { CertificateIssuer, type CertificateIssuerArgs } from "../../../../components/kubernetes/certificate-issuer.ts";
import { answer, record } from "../../../support/mocks.ts";
import { settled } from "../../../support/outputs.ts";

const internal: CertificateIssuerArgs = {
  issuerName: "bibind",
  ingressClass: "public",
  authority: { issuer: "internal", commonName: "Test CA" },
};
const acme: CertificateIssuerArgs = {
  ...internal,
  authority: { issuer: "acme", email: "ops@example.com", server: "https://ca.example.com/directory" },
};
const trust = { data: { "ca.crt": Buffer.from("the CA").toString("base64"), "tls.key": "c2VjcmV0" } };

describe("CertificateIssuer", () => {
  it("signs with a CA of its own inside the cluster", async () => {
    const recording = await record(() => new CertificateIssuer("certificates", internal, {}));
    const ca = recording.named("certificates-ca").inputs["spec"];
    assert.equal(Reflect.get(Object(ca), "isCA"), true);
    assert.equal(Reflect.get(Object(ca), "commonName"), "Test CA");
    assert.deepEqual(recording.named("certificates-issuer").inputs["spec"], { ca: { secretName: "bibind-ca" } });
    assert.deepEqual(recording.named("certificates-issuer").dependsOn, ["certificates-ca"]);
  });

  it("gives the CA's certificate as plain text, and never reads the Secret of the CA", async () => {
    const recording = await record(() => new CertificateIssuer("certificates", internal, {}), {
      answer: (resource) => (resource.type === "kubernetes:core/v1:Secret" ? trust : answer(resource)),
    });
    assert.equal(await settled(recording.result.caCertificate), "the CA");
    const read = recording.ofType("kubernetes:core/v1:Secret").map(({ name }) => name);
    assert.deepEqual(read, ["certificates-trust"]);
  });

  it("says where to look when the Secret has no CA", async () => {
    const recording = await record(() => new CertificateIssuer("certificates", internal, {}), {
      answer: (resource) => (resource.type === "kubernetes:core/v1:Secret" ? { data: {} } : answer(resource)),
    });
    await assert.rejects(
      settled(recording.result.caCertificate),
      /key ca\.crt of Secret cert-manager\/certificates-trust/,
    );
  });

  it("waits until cert-manager reports each object as ready", async () => {
    const recording = await record(() => new CertificateIssuer("certificates", internal, {}));
    const objects = recording.resources.filter(({ type }) => type.startsWith("kubernetes:cert-manager.io/"));
    assert.equal(objects.length, 4);
    for (const { name, inputs } of objects) {
      assert.match(
        JSON.stringify(inputs["metadata"]),
        /"annotations":\{"pulumi.com\/waitFor":"condition=Ready"\}/,
        name,
      );
    }
  });

  it("registers an account at a public CA, and proves names through port 80 of the ingress", async () => {
    const recording = await record(() => new CertificateIssuer("certificates", acme, {}));
    assert.deepEqual(recording.named("certificates-issuer").inputs["spec"], {
      acme: {
        email: "ops@example.com",
        server: "https://ca.example.com/directory",
        privateKeySecretRef: { name: "bibind-account" },
        solvers: [
          {
            http01: {
              ingress: {
                ingressClassName: "public",
                ingressTemplate: {
                  metadata: { annotations: { "traefik.ingress.kubernetes.io/router.entrypoints": "web" } },
                },
              },
            },
          },
        ],
      },
    });
    assert.equal(await settled(recording.result.caCertificate), "");
  });
});
