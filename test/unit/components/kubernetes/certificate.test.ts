import assert from "node:assert/strict";
import { Certificate, type CertificateArgs } from "../../../../components/access/certificate.ts";
import { valueAt } from "../../../../stacks/settings/anatomy.ts";
import { namesBehind, record } from "../../../support/mocks.ts";
import { settled } from "../../../support/outputs.ts";

const args: CertificateArgs = {
  namespace: "iam",
  secretName: "hydra-tls",
  dnsNames: ["hydra.iam.svc"],
  clusterIssuer: "bibind",
};
const recorded = (more: Partial<CertificateArgs> = {}) =>
  record(() => new Certificate("tls", { ...args, ...more }, {}));

describe("Certificate", () => {
  it("is signed by the cluster's issuer for the names that were asked for", async () => {
    const { inputs } = (await recorded()).named("tls-certificate");
    assert.deepEqual(valueAt(inputs, ["spec", "issuerRef"]), { kind: "ClusterIssuer", name: "bibind" });
    assert.deepEqual(valueAt(inputs, ["spec", "dnsNames"]), ["hydra.iam.svc"]);
    assert.equal(valueAt(inputs, ["spec", "secretName"]), "hydra-tls");
  });

  it("names its Secret only once cert-manager has written it", async () => {
    const recording = await recorded();
    const { inputs } = recording.named("tls-certificate");
    assert.equal(valueAt(inputs, ["metadata", "annotations", "pulumi.com/waitFor"]), "condition=Ready");
    assert.equal(await settled(recording.result.secretName), "hydra-tls");
    assert.deepEqual(await namesBehind(recording.result.secretName), ["tls-certificate"]);
  });

  it("gets a new key at every renewal, well before it ends", async () => {
    const { inputs } = (await recorded()).named("tls-certificate");
    assert.equal(valueAt(inputs, ["spec", "privateKey", "rotationPolicy"]), "Always");
    const hours = (field: string): number => Number.parseInt(String(valueAt(inputs, ["spec", field])));
    assert(hours("renewBefore") >= 24 * 7 && hours("renewBefore") < hours("duration") / 2);
  });

  it("labels its Secret for those who read it again, and not unless asked", async () => {
    const labelled = (await recorded({ secretLabels: { "cnpg.io/reload": "" } })).named("tls-certificate");
    assert.deepEqual(valueAt(labelled.inputs, ["spec", "secretTemplate"]), { labels: { "cnpg.io/reload": "" } });
    const plain = (await recorded()).named("tls-certificate");
    assert.equal(valueAt(plain.inputs, ["spec", "secretTemplate"]), undefined);
  });
});
