import * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/kubernetes/provider.js";
import { ExistingCluster, type Cluster } from "../../components/cluster/existing.ts";
import { MicroK8s } from "../../components/cluster/microk8s.ts";
import { deployerKubeconfig } from "../../components/cluster/deployer.ts";
import { OvhHost } from "../../components/host/ovh-host.ts";
import { certManagerNamespace } from "../../components/kubernetes/cert-manager.ts";
import { CertificateIssuer } from "../../components/kubernetes/certificate-issuer.ts";
import { ChangeGuard } from "../../components/kubernetes/change-guard.ts";
import { ClosedNamespace } from "../../components/kubernetes/closed-namespace.ts";
import { FrontDoor } from "../../components/kubernetes/front-door.ts";
import { HelmChart } from "../../components/kubernetes/helm-chart.ts";
import { NameGuard } from "../../components/kubernetes/name-guard.ts";
import { OperatorGuard } from "../../components/kubernetes/operator-guard.ts";
import { vaultAudience } from "../../components/vault/address.ts";
import { deployerNamespace } from "../../components/vault/policies/deployer.ts";
import type { Deployed, LayerContext } from "../layer.ts";
import { charts, type ChartPin } from "../versions.ts";
import type { foundationContract } from "./contract.ts";
import { ingressNamespace, operatorNamespaces } from "./namespaces.ts";
import { applications } from "./relations.ts";
import type { FoundationSettings } from "./settings.ts";

/** The ingress addon's default IngressClass and the storage addon's StorageClass (MicroK8s core addons, May 2026). */
const ingressClass = "public";
const storageClass = "microk8s-hostpath";
const clusterIssuer = "bibind";
const internalClusterIssuer = `${clusterIssuer}-internal`;

/** Every ClusterIssuer whose certificates somebody trusts. */
const issuers = [clusterIssuer, internalClusterIssuer];

/** The cluster to deploy on. A host beside a kubeconfig is hardened too. */
function cluster(settings: FoundationSettings): Cluster {
  const { kubeconfig, channel, addons, nodes } = settings.cluster;
  const host = settings.host === undefined ? undefined : new OvhHost("host", settings.host);
  if (kubeconfig !== undefined) {
    return new ExistingCluster("cluster", { kubeconfig });
  }
  if (host === undefined) {
    throw new Error("the settings schema lets neither host nor cluster.kubeconfig be absent together");
  }
  const joining = nodes.map(({ role, ...machine }, index) => {
    // The name has the address and not the index, so that removing a machine renames no other.
    const name = `node-${machine.address}`;
    const settingsPath = `bibind:foundation.cluster.nodes[${index}]`;
    return { name, host: new OvhHost(name, { ...machine, settingsPath }), role };
  });
  return new MicroK8s("cluster", { host, channel, addons, privileged: [ingressNamespace], nodes: joining });
}

/** Issuer of the cluster-internal certificates. A public CA does not sign names that only pods know. */
function internalIssuer(opts: pulumi.ComponentResourceOptions): CertificateIssuer {
  const authority = { issuer: "internal", commonName: "Bibind cluster-internal CA" } as const;
  return new CertificateIssuer(
    "internal-certificates",
    { issuerName: internalClusterIssuer, authority, ingressClass },
    opts,
  );
}

/** What the Pod Security level `restricted` wants of the pods of Vault Secrets Operator, beyond the defaults of its chart. */
const restricted = {
  podSecurityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
};

function secretsOperatorValues({ replicas, vaultAddress }: FoundationSettings["secretsOperator"]): object {
  const connection =
    vaultAddress === undefined ? {} : { defaultVaultConnection: { enabled: true, address: vaultAddress } };
  return { controller: { replicas, ...restricted }, ...connection };
}

/** The operators that the settings ask for. */
interface Operators {
  readonly postgres?: HelmChart;
  readonly secrets?: HelmChart;
}

function operators(settings: FoundationSettings, opts: pulumi.ComponentResourceOptions): Operators {
  const { postgresOperator, secretsOperator, chartRepository } = settings;
  const chart = ({ chart, version, repository }: ChartPin) => ({
    chart,
    version,
    repository: chartRepository ?? repository,
  });
  const postgres = {
    ...chart(charts.cloudnativePg),
    into: { namespace: operatorNamespaces.postgres },
    values: { replicaCount: postgresOperator.replicas },
  };
  const secrets = {
    ...chart(charts.vaultSecretsOperator),
    into: { namespace: operatorNamespaces.secrets },
    values: secretsOperatorValues(secretsOperator),
  };
  return {
    ...(postgresOperator.enabled && { postgres: new HelmChart("postgres-operator", postgres, opts) }),
    ...(secretsOperator.enabled && { secrets: new HelmChart("secrets-operator", secrets, opts) }),
  };
}

/** Who may write what in the cluster, beyond the roles of each program and person. */
function admissionGuards(
  { domain }: FoundationSettings,
  models: readonly string[],
  opts: pulumi.ComponentResourceOptions,
): pulumi.Resource[] {
  const { postgres, secrets } = operatorNamespaces;
  const programs = [certManagerNamespace, ingressNamespace, postgres, secrets];
  return [
    new ChangeGuard("changes", { programs: [...programs, ...models] }, opts),
    new OperatorGuard(
      "operators",
      {
        operators: [
          { namespace: postgres, serves: "postgres-operator" },
          { namespace: secrets, serves: "secrets-operator" },
          { namespace: certManagerNamespace },
        ],
        reserved: ["kube-system", deployerNamespace, ingressNamespace, postgres, secrets],
        tokenAudience: vaultAudience,
      },
      opts,
    ),
    new NameGuard("names", { domain, issuers, certManager: certManagerNamespace }, opts),
  ];
}

/** Closes the namespaces that are no models, except those of operators that the settings turn off. */
function closeNamespaces({ postgres, secrets }: Operators, opts: pulumi.ComponentResourceOptions): void {
  const charts = new Map([
    ["postgres-operator", postgres],
    ["secrets-operator", secrets],
  ]);
  for (const [name, { namespace, publicPorts }] of Object.entries(applications)) {
    const chart = charts.get(name);
    if (namespace !== undefined && (chart !== undefined || !charts.has(name))) {
      const dependsOn = chart === undefined ? [] : [chart];
      new ClosedNamespace(`${name}-closed`, { namespace, publicPorts }, pulumi.mergeOptions(opts, { dependsOn }));
    }
  }
}

/** Deploys what every other layer needs: host, cluster, certificates, ingress, operators. */
export function deployFoundation(
  settings: FoundationSettings,
  { models }: LayerContext,
): Deployed<typeof foundationContract.fields.shape> {
  const kubeconfig = cluster(settings).kubeconfig.apply(deployerKubeconfig);
  const provider = new Provider("kubernetes", { kubeconfig, enableServerSideApply: true });
  const opts = { providers: { kubernetes: provider } };
  const guards = admissionGuards(settings, models, opts);
  const issuer = new CertificateIssuer(
    "certificates",
    { issuerName: clusterIssuer, authority: settings.certificates, ingressClass },
    opts,
  );
  const internal = settings.certificates.issuer === "internal" ? issuer : internalIssuer(opts);
  const frontDoor = new FrontDoor("front-door", { namespace: ingressNamespace }, opts);
  const { postgres, secrets } = operators(settings, opts);
  closeNamespaces({ postgres, secrets }, opts);
  return {
    outputs: {
      domain: pulumi.output(settings.domain),
      kubeconfig: pulumi.secret(kubeconfig),
      ingressClass: pulumi.output(ingressClass),
      clusterIssuer: issuer.issuerName,
      caCertificate: issuer.caCertificate,
      internalIssuer: internal.issuerName,
      internalCaCertificate: internal.caCertificate,
      chartRepository: pulumi.output(settings.chartRepository ?? ""),
      storageClass: pulumi.output(storageClass),
      software: pulumi.all({
        ...(postgres && { CloudNativePG: postgres.appVersion }),
        ...(secrets && { "Vault Secrets Operator": secrets.appVersion }),
      }),
    },
    provided: {
      layer: [...guards, issuer, internal, frontDoor],
      applications: {
        "foundation/postgres-operator": postgres ? [postgres] : [],
        "foundation/secrets-operator": secrets ? [secrets] : [],
      },
    },
  };
}
