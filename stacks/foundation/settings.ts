import { z } from "zod";
import { secretString } from "../settings/secret.ts";
import {
  distinct,
  dnsName,
  emailAddress,
  longestDnsName,
  longestLabel,
  text,
  webAddress,
  wholeNumber,
} from "../settings/values.ts";
import { hostSettings } from "./host-settings.ts";
import { clusterOnHost, everyMachineOnce, machinesTrustEachOther, neededAddons, neededPorts } from "./setting-rules.ts";

/** The addons that the platform can enable, in the order in which it enables them. */
export const addonNames = ["dns", "rbac", "hostpath-storage", "ingress", "cert-manager", "metrics-server"] as const;

const nodeSettings = hostSettings.safeExtend({
  role: z
    .enum(["control-plane", "worker"])
    .default("control-plane")
    .describe(
      "Whether the machine runs a part of the control plane or only pods. The sandbox's MicroK8s accepts workers only. " +
        "To change the role, remove the machine, run `pulumi up`, and add it again.",
    ),
});

const clusterSettings = z.strictObject({
  channel: text('a snap channel of MicroK8s such as "1.34/stable"', /^\d+\.\d+\/(stable|candidate|beta|edge)$/)
    .default("1.34/stable")
    .describe("Snap channel to install from. The cluster is upgraded in place, one minor release at a time."),
  addons: distinct(z.enum(addonNames))
    .default([...addonNames])
    .describe(
      "MicroK8s addons to enable. If you remove one that the platform enabled, it is disabled and its objects are deleted.",
    ),
  nodes: z
    .array(nodeSettings)
    .default([])
    .describe(
      "Further machines that join the cluster, identified by their addresses. " +
        "The first machine must find each of them under its host name. " +
        "If you remove one, it leaves the cluster and its MicroK8s data is deleted.",
    ),
  kubeconfig: secretString("a kubeconfig (YAML or JSON)", /\bclusters\b[^]*\busers\b|\busers\b[^]*\bclusters\b/)
    .optional()
    .describe(
      "Administrator's kubeconfig of an existing cluster (Kubernetes 1.30 or newer), whose user may act as other users. " +
        "The cluster is adopted, and nothing is installed.",
    ),
});

/** The limit of X.520 (ub-common-name), which cert-manager counts in bytes of UTF-8. */
const isCommonName = (value: string): boolean =>
  /\S/.test(value) && /^\P{Cc}*$/u.test(value) && Buffer.byteLength(value) <= 64;

const certificateSettings = z
  .discriminatedUnion("issuer", [
    z.strictObject({
      issuer: z
        .literal("internal")
        .describe("A CA inside the cluster; people must install its certificate in their browsers."),
      commonName: text("a name of 1 to 64 bytes", isCommonName)
        .default("Bibind internal CA")
        .describe("Common name of the CA's certificate. A change makes a new CA and reissues every certificate."),
    }),
    z.strictObject({
      issuer: z.literal("acme").describe("A public CA. It must reach the platform's host names on port 80."),
      email: emailAddress().describe("Address to which the CA writes about expiring certificates."),
      server: webAddress("https://acme-v02.api.letsencrypt.org/directory", ["https"])
        .default("https://acme-v02.api.letsencrypt.org/directory")
        .describe("ACME directory of the CA. A change registers a new account and reissues every certificate."),
    }),
  ])
  .describe("CA of the edge certificates.");

const replicas = () => wholeNumber(1, 5).default(1).describe("Number of pods.");

const postgresOperatorSettings = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe("Whether CloudNativePG is installed. Layers with a PostgreSQL cluster need it."),
  replicas: replicas(),
});

const secretsOperatorSettings = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe("Whether Vault Secrets Operator is installed. Layers with secrets from Vault need it."),
  replicas: replicas(),
  vaultAddress: webAddress("https://vault.example.com:8200", ["http", "https"])
    .optional()
    .describe(
      "URL of an existing Vault for the operator's default connection. Default: each model has its own connection.",
    ),
});

/** The layer foundation: server, Kubernetes, certificates, ingress and operators. */
export const foundationSettings = z
  .strictObject({
    domain: dnsName("bibind.com")
      .max(longestDnsName - ".".length - longestLabel)
      .describe(
        "DNS name below which every service has its name. A change renames every URL and reissues every certificate.",
      ),
    host: hostSettings
      .optional()
      .describe("The server of the cluster, reached over SSH. Required unless `cluster.kubeconfig` is given."),
    cluster: clusterSettings.prefault({}).describe("Kubernetes, installed on `host` or adopted by its kubeconfig."),
    certificates: certificateSettings,
    chartRepository: webAddress("https://charts.example.com/", ["http", "https"])
      .optional()
      .describe("Helm repository with every chart of `stacks/versions.ts`. Default: the published repositories."),
    postgresOperator: postgresOperatorSettings.prefault({}).describe("CloudNativePG, the operator of PostgreSQL."),
    secretsOperator: secretsOperatorSettings
      .prefault({})
      .describe("Vault Secrets Operator, which syncs secrets from Vault to Kubernetes."),
  })
  .check(clusterOnHost, everyMachineOnce, machinesTrustEachOther, neededPorts, neededAddons);

export type FoundationSettings = z.output<typeof foundationSettings>;
