import assert from "node:assert/strict";
import { Certificate, type CertificateArgs } from "../../../../components/kubernetes/certificate.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { record } from "../../../support/mocks.ts";

const args: CertificateArgs = {
  namespace: "iam",
  secretName: "hydra-tls",
  dnsNames: ["hydra.iam.svc"],
  clusterIssuer: "bibind",
};
const recorded = (more: Partial<CertificateArgs> = {}) =>
  record(() => new Certificate("tls", { ...args, ...more }, {}));
const specOf = async (more?: Partial<CertificateArgs>) =>
  (await recorded(more)).named("tls-certificate").inputs["spec"];

describe("Certificate", () => {
  it("asks the ClusterIssuer for a certificate of these names and addresses", async () => {
    const spec = await specOf({ ipAddresses: ["127.0.0.1"] });
    assert.deepEqual(valueAt(spec, ["issuerRef"]), { kind: "ClusterIssuer", name: "bibind" });
    assert.deepEqual(valueAt(spec, ["dnsNames"]), ["hydra.iam.svc"]);
    assert.deepEqual(valueAt(spec, ["ipAddresses"]), ["127.0.0.1"]);
    assert.equal(valueAt(await specOf(), ["ipAddresses"]), undefined);
  });

  it("is ready when cert-manager has written the Secret, which has the name of the certificate", async () => {
    const recording = await recorded();
    const { inputs } = recording.named("tls-certificate");
    assert.deepEqual(inputs["metadata"], {
      name: "hydra-tls",
      namespace: "iam",
      annotations: { "pulumi.com/waitFor": "condition=Ready" },
    });
    assert.equal(valueAt(inputs, ["spec", "secretName"]), "hydra-tls");
    assert.equal(recording.result.secretName, "hydra-tls");
  });

  for (const [given, duration, renewBefore] of [
    [undefined, "2160h0m0s", "720h0m0s"],
    [360, "8640h0m0s", "2880h0m0s"],
    [1800, "43200h0m0s", "14400h0m0s"],
  ] as const) {
    it(`writes ${given ?? "the default number of"} days in the form in which cert-manager stores them`, async () => {
      const spec = await specOf(given === undefined ? {} : { days: given });
      assert.equal(valueAt(spec, ["duration"]), duration);
      assert.equal(valueAt(spec, ["renewBefore"]), renewBefore);
    });
  }

  it("gets a new key at every renewal", async () => {
    assert.equal(valueAt(await specOf(), ["privateKey", "rotationPolicy"]), "Always");
  });

  it("labels its Secret if the caller gives labels", async () => {
    const labels = { "cnpg.io/reload": "" };
    assert.deepEqual(valueAt(await specOf({ secretLabels: labels }), ["secretTemplate"]), { labels });
    assert.equal(valueAt(await specOf(), ["secretTemplate"]), undefined);
  });
});
