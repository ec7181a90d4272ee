import { z } from "zod";
import { valueAt } from "../settings/anatomy.ts";
import { secretString } from "../settings/secret.ts";
import { distinct, dnsLabel, dnsName, rule, text, webAddress, wholeNumber } from "../settings/values.ts";
import { hostSettings } from "./host-settings.ts";

/** The addons that the platform knows how to enable, in the order in which it enables them. */
export const addonNames = ["dns", "rbac", "hostpath-storage", "ingress", "cert-manager", "metrics-server"] as const;

const nodeSettings = hostSettings.safeExtend({
  role: z
    .enum(["control-plane", "worker"])
    .default("control-plane")
    .describe(
      "Whether the machine holds a part of the control plane or only runs pods. The sandbox's MicroK8s takes workers only. " +
        "To change it, take the machine out, run `pulumi up`, and put it in again.",
    ),
});

const clusterSettings = z.strictObject({
  distribution: z
    .enum(["microk8s"])
    .default("microk8s")
    .describe("Kubernetes distribution to install. Taken only when no kubeconfig is given."),
  channel: text('a snap channel of MicroK8s such as "1.34/stable"', /^\d+\.\d+\/(stable|candidate|beta|edge)$/)
    .default("1.34/stable")
    .describe("Snap channel to install from. A newer minor release upgrades in place, one minor release at a time."),
  addons: distinct(z.enum(addonNames))
    .default([...addonNames])
    .describe("MicroK8s addons to enable. Taking one out disables it and deletes what it manages."),
  nodes: z
    .array(nodeSettings)
    .default([])
    .describe(
      "Further machines that join the cluster, each known by its address. " +
        "Taking one out makes it leave the cluster and deletes what MicroK8s kept there.",
    ),
  kubeconfig: secretString("a kubeconfig (YAML or JSON)", /\bclusters\b[^]*\busers\b|\busers\b[^]*\bclusters\b/)
    .optional()
    .describe("Administrator's kubeconfig of an existing cluster: it is adopted and nothing is installed."),
});

const certificateSettings = z
  .discriminatedUnion("issuer", [
    z.strictObject({
      issuer: z
        .literal("internal")
        .describe("A CA of the platform's own, inside the cluster; browsers must be told to trust it."),
      commonName: text("a name of 1 to 64 characters", /^[^\n]{1,64}$/)
        .default("Bibind internal CA")
        .describe("Common name of the CA's certificate. A change makes a new CA and issues every certificate anew."),
    }),
    z.strictObject({
      issuer: z.literal("acme").describe("A public CA; it must reach the platform's names on port 80."),
      email: text("an email address", /^[^\s@]+@[^\s@]+\.[^\s@]+$/).describe(
        "Where the CA writes about expiring certificates.",
      ),
      server: webAddress("https://acme-v02.api.letsencrypt.org/directory", ["https"])
        .default("https://acme-v02.api.letsencrypt.org/directory")
        .describe("ACME directory of the CA. A change registers a new account and issues every certificate anew."),
    }),
  ])
  .describe("Who signs the certificates of the platform's front door.");

const replicas = () => wholeNumber(1, 5).default(1).describe("Number of pods.");

const postgresOperatorSettings = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe("Whether CloudNativePG is installed. Layers that keep data in PostgreSQL need it."),
  replicas: replicas(),
});

const secretsOperatorSettings = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe("Whether Vault Secrets Operator is installed. Layers that take secrets from Vault need it."),
  replicas: replicas(),
  vaultAddress: webAddress("https://vault.example.com:8200", ["http", "https"])
    .optional()
    .describe("URL of an existing Vault for the operator's default connection. Without it, the layer iam makes one."),
});

const welcomePageSettings = z.strictObject({
  enabled: z.boolean().default(true).describe("Whether the example page behind the ingress is deployed."),
  hostName: dnsLabel("welcome").default("welcome").describe("Its name below `domain`. A change replaces the Ingress."),
});

const hostRules = rule((given) => {
  if (valueAt(given, ["host"]) !== undefined) {
    return [];
  }
  const nodes = valueAt(given, ["cluster", "nodes"]);
  const joining = Array.isArray(nodes) && nodes.length > 0;
  const adopted = valueAt(given, ["cluster", "kubeconfig"]) !== undefined;
  return [
    ...(joining ? [{ path: ["cluster", "nodes"], message: "machines can only join a cluster that `host` holds" }] : []),
    ...(adopted
      ? []
      : [
          {
            path: ["host"],
            message: "missing; give the server to install on, or cluster.kubeconfig of a cluster you have",
          },
        ]),
  ];
});

const everyMachineOnce = rule((given) => {
  const nodes = valueAt(given, ["cluster", "nodes"]);
  const others = Array.isArray(nodes) ? nodes.map((node) => valueAt(node, ["address"])) : [];
  const machines = [valueAt(given, ["host", "address"]), ...others];
  return machines.flatMap((address, index) => {
    const first = machines.indexOf(address);
    const holder = first === 0 ? "`host`" : `cluster.nodes[${first - 1}]`;
    return typeof address !== "string" || first === index
      ? []
      : [{ path: ["cluster", "nodes", index - 1, "address"], message: `${holder} is this machine already` }];
  });
});

/** The layer foundation: server, Kubernetes, certificates, ingress and operators. */
export const foundationSettings = z
  .strictObject({
    domain: dnsName("bibind.com").describe(
      "DNS name below which every service is named. A change renames every URL and issues every certificate anew.",
    ),
    host: hostSettings
      .optional()
      .describe("The server that holds the cluster, reached over SSH. Required unless `cluster.kubeconfig` is given."),
    cluster: clusterSettings.prefault({}).describe("Kubernetes: installed on `host`, or adopted by its kubeconfig."),
    certificates: certificateSettings,
    chartRepository: webAddress("https://charts.example.com/", ["http", "https"])
      .optional()
      .describe("Helm repository that has every chart of `stacks/versions.ts`, used in place of the published ones."),
    postgresOperator: postgresOperatorSettings.prefault({}).describe("CloudNativePG, the operator of PostgreSQL."),
    secretsOperator: secretsOperatorSettings
      .prefault({})
      .describe("Vault Secrets Operator, which brings secrets from Vault to workloads."),
    welcomePage: welcomePageSettings.prefault({}).describe("Example page that shows that the front door works."),
  })
  .check(hostRules, everyMachineOnce);

export type FoundationSettings = z.output<typeof foundationSettings>;
