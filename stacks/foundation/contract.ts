import { z } from "zod";
import { plain, secret, type Outputs } from "../contract.ts";

const text = z.string();
const texts = z.record(z.string(), z.string());

const fields = z.object({
  domain: plain(text).describe("DNS name below which every service has its name."),
  kubeconfig: secret(text).describe("Kubeconfig of the cluster with which the administrator acts as the deployer."),
  ingressClass: plain(text).describe("IngressClass of the platform's ingress."),
  clusterIssuer: plain(text).describe("cert-manager ClusterIssuer of the edge certificates."),
  caCertificate: plain(text).describe("PEM certificate of its CA; empty when a public CA signs."),
  internalIssuer: plain(text).describe("cert-manager ClusterIssuer of the cluster-internal certificates."),
  internalCaCertificate: plain(text).describe("PEM certificate of its CA."),
  chartRepository: plain(text).describe("Helm repository with every chart; empty when the published ones are used."),
  storageClass: plain(text).describe("StorageClass for data that must outlive its pod."),
  software: plain(texts).describe("Versions of the running software, by name."),
});

export const foundationContract = { layer: "foundation", version: 4, fields };

export type FoundationOutputs = Outputs<typeof fields.shape>;
