import type * as pulumi from "@pulumi/pulumi";
import { foundationContract } from "../../stacks/foundation/contract.ts";
import { iamContract } from "../../stacks/iam/contract.ts";
import { answer } from "./mocks.ts";

/** Name of the stack from which the stack of a test reads other layers. */
export const upstreamStack = "organization/bibind/upstream";

/** The kubeconfig among the outputs of the upstream stack. */
export const kubeconfig = "kubeconfig: admin-key";

/** Outputs of an upstream stack with the layer foundation. */
export const foundationOutputs = {
  contractVersion: foundationContract.version,
  domain: "bibind.test",
  kubeconfig,
  ingressClass: "public",
  clusterIssuer: "bibind",
  caCertificate: "THE EDGE CA",
  internalIssuer: "bibind-internal",
  internalCaCertificate: "THE CLUSTER-INTERNAL CA",
  chartRepository: "",
  storageClass: "local",
  software: {},
};

/** Outputs of an upstream stack with the layer iam. */
export const iamOutputs = {
  contractVersion: iamContract.version,
  issuer: "https://auth.bibind.test",
  signInUrl: "https://auth.bibind.test",
  vaultAddress: "https://vault.bibind.test",
  vaultInternalAddress: "https://vault.iam.svc:8200",
  vaultRecoveryKeys: "",
  vaultReady: true,
  deployerNamespace: "bibind-deployer",
  software: {},
  urls: {},
};

/** Answers a read of the upstream stack with these outputs. It answers for other resources as `answer` does. */
export function withUpstream(outputs: Readonly<Record<string, unknown>>) {
  return (resource: pulumi.runtime.MockResourceArgs): Record<string, unknown> =>
    resource.type === "pulumi:pulumi:StackReference"
      ? { name: upstreamStack, outputs, secretOutputNames: Object.keys(outputs) }
      : answer(resource);
}
