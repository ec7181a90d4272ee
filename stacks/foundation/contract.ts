import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { fromStack, type Contract, type Outputs } from "../contract.ts";

const schema = z.object({
  /** DNS name below which every service of the platform is named. */
  domain: z.string(),
  /** Administrator's kubeconfig of the cluster, secret; known once the operators run that other layers stand on. */
  kubeconfig: z.string(),
  /** IngressClass of the platform's front door. */
  ingressClass: z.string(),
  /** cert-manager ClusterIssuer that signs the platform's certificates. */
  clusterIssuer: z.string(),
  /** PEM certificate of the internal CA; empty when a public CA signs. */
  caCertificate: z.string(),
  /** cert-manager ClusterIssuer that signs what only pods of the platform see; with an internal CA, the same. */
  innerIssuer: z.string(),
  /** PEM certificate of the CA behind it. */
  innerCaCertificate: z.string(),
  /** Helm repository that has every chart of the platform; empty where the published ones are used. */
  chartRepository: z.string(),
  /** StorageClass for data that must survive its pod. */
  storageClass: z.string(),
  /** Running software and its version, by name. */
  software: z.record(z.string(), z.string()),
  /** Pages for people, by name. */
  urls: z.record(z.string(), z.string()),
});

export type FoundationContract = z.infer<typeof schema>;

export const foundationContract: Contract<FoundationContract> = { layer: "foundation", version: 2, schema };

/** The foundation of another stack, as if it had been deployed in this one. */
export function foundationFrom(reference: pulumi.StackReference): Outputs<FoundationContract> {
  const all = fromStack(foundationContract, reference);
  return {
    domain: pulumi.unsecret(all.domain),
    kubeconfig: pulumi.secret(all.kubeconfig),
    ingressClass: pulumi.unsecret(all.ingressClass),
    clusterIssuer: pulumi.unsecret(all.clusterIssuer),
    caCertificate: pulumi.unsecret(all.caCertificate),
    innerIssuer: pulumi.unsecret(all.innerIssuer),
    innerCaCertificate: pulumi.unsecret(all.innerCaCertificate),
    chartRepository: pulumi.unsecret(all.chartRepository),
    storageClass: pulumi.unsecret(all.storageClass),
    software: pulumi.unsecret(all.apply((value) => value.software)),
    urls: pulumi.unsecret(all.apply((value) => value.urls)),
  };
}
