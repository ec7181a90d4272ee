import assert from "node:assert/strict";
import type { DeployerAccess, OpenSession } from "../../../../components/vault/deployer-login.ts";
import { layers } from "../../../../stacks/layers.ts";
import { deployPlatform } from "../../../../stacks/platform.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { exampleLayer, recordExampleLayer } from "../../../support/example-layer.ts";
import { mailConnection } from "../../../support/iam.ts";
import { record, type RecordedResource } from "../../../support/mocks.ts";
import { foundationOutputs, iamOutputs, kubeconfig, upstreamStack, withUpstream } from "../../../support/upstream.ts";
import { noSession } from "../../../support/vault-session.ts";

const answer = withUpstream({ foundation: foundationOutputs, iam: iamOutputs });

/** Records a stack of these layers; the upstream stack has foundation and iam. */
function recordStack(deployed: readonly string[], openSession: OpenSession = noSession) {
  const iam = { mail: { connection: mailConnection, fromAddress: "no-reply@bibind.test" } };
  const values = { layers: deployed, upstream: upstreamStack, iam };
  const program = () => deployPlatform({ file: "Pulumi.test.yaml", values }, openSession, [...layers, exampleLayer()]);
  return record(program, { answer });
}

const inVault = ({ type, name }: RecordedResource): boolean => type.startsWith("vault:") && name.startsWith("example-");

describe("the access of a layer in a stack of its own", () => {
  it("logs in to the upstream stack's Vault by the service account of iam", async () => {
    const logins: DeployerAccess[] = [];
    await recordStack(["example"], (access) => {
      logins.push(access);
      return noSession(access);
    });
    assert.deepEqual(logins, [
      {
        kubeconfig,
        namespace: iamOutputs.deployerNamespace,
        address: iamOutputs.vaultAddress,
        caCertificate: foundationOutputs.caCertificate,
      },
    ]);
  });

  it("uses that session for everything in Vault", async () => {
    const recording = await recordExampleLayer();
    assert.equal(recording.named("example-vault-session-provider").inputs["address"], iamOutputs.vaultAddress);
    const objects = recording.resources.filter(inVault);
    assert(objects.length > 5);
    assert.deepEqual([...new Set(objects.map(({ provider }) => provider))], ["example-vault-session-provider"]);
  });

  it("connects the secrets operator to Vault's address for pods", async () => {
    const { inputs } = (await recordExampleLayer()).named("example-vault-connection-connection");
    assert.equal(valueAt(inputs, ["spec", "address"]), iamOutputs.vaultInternalAddress);
  });

  it("deletes its objects in Vault one by one, because Vault stays when the layer goes", async () => {
    const objects = (await recordExampleLayer()).resources.filter(inVault);
    assert.deepEqual([...new Set(objects.map(({ deletedWith }) => deletedWith))], [undefined]);
  });
});

describe("the access of a layer in one stack with iam", () => {
  it("waits until Vault is configured, Hydra and Kratos run, and the controller of OAuth2 clients runs", async () => {
    const recording = await recordStack(["iam", "example"]);
    for (const name of ["example-namespace", "example-web-access-account", "example-web-client-client"]) {
      const required = recording.requirementsOf(name);
      for (const needed of [
        "iam-vault-core-pki-role",
        "iam-hydra-chart-release",
        "iam-kratos-chart-release",
        "iam-identity-deployment",
        "iam-oauth-clients-deployment",
      ]) {
        assert(required.has(needed), `${name}: ${needed}`);
      }
    }
  });

  it("declares the same resources as in a stack of its own", async () => {
    const ofExample = (resources: readonly RecordedResource[]): unknown[] =>
      resources
        .filter(({ name }) => /^example-|-from-example-/.test(name))
        .map(({ type, name, inputs }) => [type, name, inputs]);
    const alone = ofExample((await recordExampleLayer()).resources);
    assert(alone.length > 40);
    assert.deepEqual(ofExample((await recordStack(["iam", "example"])).resources), alone);
  });
});
