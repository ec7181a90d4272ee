import * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/kubernetes/provider.js";
import { after } from "../../components/after.ts";
import { ExistingCluster, type Cluster } from "../../components/cluster/existing.ts";
import { MicroK8s } from "../../components/cluster/microk8s.ts";
import { OvhHost } from "../../components/host/ovh-host.ts";
import { CertificateIssuer } from "../../components/kubernetes/certificate-issuer.ts";
import { HelmChart } from "../../components/kubernetes/helm-chart.ts";
import { charts, images, type ChartPin } from "../versions.ts";
import type { Outputs } from "../contract.ts";
import type { FoundationContract } from "./contract.ts";
import type { FoundationSettings } from "./settings.ts";
import { WelcomePage } from "./welcome-page.ts";

/** The ingress addon's default IngressClass and the storage addon's StorageClass (MicroK8s core addons, May 2026). */
const ingressClass = "public";
const storageClass = "microk8s-hostpath";
const clusterIssuer = "bibind";

/** The cluster to deploy on; a host that is given beside a kubeconfig is hardened all the same. */
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
    // Named by its address: taking one out must not make another look like it.
    const name = `node-${machine.address}`;
    const settingsPath = `bibind:foundation.cluster.nodes[${index}]`;
    return { name, host: new OvhHost(name, { ...machine, settingsPath }), role };
  });
  return new MicroK8s("cluster", { host, channel, addons, nodes: joining });
}

/** A public CA signs no name that only pods know. */
function innerIssuer(opts: pulumi.ComponentResourceOptions): CertificateIssuer {
  const authority = { issuer: "internal", commonName: "Bibind inner CA" } as const;
  return new CertificateIssuer(
    "inner-certificates",
    { issuerName: `${clusterIssuer}-inner`, authority, ingressClass },
    opts,
  );
}

function secretsOperatorValues({ replicas, vaultAddress }: FoundationSettings["secretsOperator"]): object {
  const connection =
    vaultAddress === undefined ? {} : { defaultVaultConnection: { enabled: true, address: vaultAddress } };
  return { controller: { replicas }, ...connection };
}

/** Deploys what every other layer stands on: host, cluster, certificates, ingress, operators. */
export function deployFoundation(settings: FoundationSettings): Outputs<FoundationContract> {
  const { kubeconfig } = cluster(settings);
  const provider = new Provider("kubernetes", { kubeconfig, enableServerSideApply: true });
  const opts = { providers: { kubernetes: provider } };
  const chart = (pin: ChartPin): Pick<ChartPin, "chart" | "repository" | "version"> => ({
    chart: pin.chart,
    version: pin.version,
    repository: settings.chartRepository ?? pin.repository,
  });

  const issuer = new CertificateIssuer(
    "certificates",
    { issuerName: clusterIssuer, authority: settings.certificates, ingressClass },
    opts,
  );
  const inner = settings.certificates.issuer === "internal" ? issuer : innerIssuer(opts);
  const software: Record<string, pulumi.Output<string>> = {};
  const operators: HelmChart[] = [];
  if (settings.postgresOperator.enabled) {
    const operator = new HelmChart(
      "postgres-operator",
      {
        ...chart(charts.cloudnativePg),
        into: { namespace: "cnpg-system" },
        values: { replicaCount: settings.postgresOperator.replicas },
      },
      opts,
    );
    software["CloudNativePG"] = operator.appVersion;
    operators.push(operator);
  }
  if (settings.secretsOperator.enabled) {
    const operator = new HelmChart(
      "secrets-operator",
      {
        ...chart(charts.vaultSecretsOperator),
        into: { namespace: "vault-secrets-operator-system" },
        values: secretsOperatorValues(settings.secretsOperator),
      },
      opts,
    );
    software["Vault Secrets Operator"] = operator.appVersion;
    operators.push(operator);
  }
  const urls: Record<string, pulumi.Output<string>> = {};
  if (settings.welcomePage.enabled) {
    const page = new WelcomePage(
      "welcome",
      {
        host: `${settings.welcomePage.hostName}.${settings.domain}`,
        image: images.httpEcho,
        ingressClass,
        clusterIssuer: issuer.issuerName,
      },
      opts,
    );
    urls["welcome"] = page.url;
  }
  return {
    domain: pulumi.output(settings.domain),
    // By their ids, which stay known in the preview of an operator's update.
    kubeconfig: pulumi.secret(
      after(
        operators.map(({ release }) => release.id),
        kubeconfig,
      ),
    ),
    ingressClass: pulumi.output(ingressClass),
    clusterIssuer: issuer.issuerName,
    caCertificate: issuer.caCertificate,
    innerIssuer: inner.issuerName,
    innerCaCertificate: inner.caCertificate,
    chartRepository: pulumi.output(settings.chartRepository ?? ""),
    storageClass: pulumi.output(storageClass),
    software: pulumi.all(software),
    urls: pulumi.all(urls),
  };
}
