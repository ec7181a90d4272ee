import * as pulumi from "@pulumi/pulumi";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { RandomBytes } from "@pulumi/random/randomBytes.js";
import { Certificate } from "../access/certificate.ts";
import { BibindComponent } from "../base.ts";
import { applicationLabels } from "../kubernetes/application.ts";
import { HelmChart, type PublishedChart } from "../kubernetes/helm-chart.ts";
import { caKey, caSecret } from "../kubernetes/model.ts";
import { Route, verifiedTls } from "../kubernetes/route.ts";
import { vaultPort, vaultService } from "./address.ts";
import { serverConfiguration, type Distribution, type Seal } from "./configuration.ts";

export interface VaultServerArgs {
  /** Which program answers. A change replaces the server; what it holds is not taken along. */
  readonly distribution: Distribution;
  /** Its chart: `openbao`, or HashiCorp's `vault`, which has the same values. */
  readonly chart: PublishedChart;
  /** Image tag, where the chart's own is not wanted. */
  readonly imageTag?: string;
  /** Name of the model that it belongs to, and its namespace once that is there. */
  readonly model: string;
  readonly namespace: pulumi.Input<string>;
  /** Servers, which hold the data together (Raft): 1, 3 or 5. Changed in place. */
  readonly replicas: number;
  /** Volume for the data of each server in GiB; another of the same size takes its audit log. */
  readonly storageGiB: number;
  readonly storageClass: pulumi.Input<string>;
  /** How it opens by itself after a start. A change needs a seal migration by hand (OpenBao documentation, "Seal"). */
  readonly seal: Seal;
  /** DNS name for people and the deployer, and the Secret with its certificate. */
  readonly host: pulumi.Input<string>;
  readonly hostTlsSecret: pulumi.Input<string>;
  readonly ingressClass: pulumi.Input<string>;
  /** ClusterIssuer of the server's own certificate. */
  readonly clusterIssuer: pulumi.Input<string>;
}

/** Folders of the server's pod. */
const tlsFolder = "/etc/vault-tls";
const sealFolder = "/etc/vault-seal";
const sealKeyFile = `${sealFolder}/key`;

/**
 * Vault with integrated storage, a TLS listener, an audit log on a volume and a seal that opens by itself.
 *
 * OpenBao initialises itself at its first start: it lets the deployer in by Kubernetes' word and revokes its root token, so
 * there is no key and no token to be saved, and none that could be lost.
 */
export class VaultServer extends BibindComponent {
  /** URL for people and the deployer, known once it is unsealed. */
  readonly address: pulumi.Output<string>;
  /** URL for pods. */
  readonly innerAddress: pulumi.Output<string>;
  readonly chart: HelmChart;

  constructor(name: string, args: VaultServerArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:vault:VaultServer", name, opts);
    const certificate = this.certificate(args);
    const seal = args.seal.type === "static" ? this.sealKey(args) : undefined;
    this.chart = new HelmChart(
      this.child("chart"),
      {
        ...args.chart,
        into: { model: args.namespace },
        releaseName: vaultService,
        values: this.values(args, certificate, seal),
      },
      { parent: this },
    );
    new Route(
      this.child("route"),
      {
        namespace: args.namespace,
        host: args.host,
        paths: ["/"],
        service: vaultService,
        port: vaultPort,
        ingressClass: args.ingressClass,
        tlsSecret: args.hostTlsSecret,
      },
      { parent: this },
    );
    // By its id, which an update of the chart leaves known: a preview of one can still look into Vault.
    this.address = pulumi.all([args.host, this.chart.release.id]).apply(([host]) => `https://${host}`);
    this.innerAddress = pulumi.interpolate`https://${vaultService}.${args.namespace}.svc:${vaultPort}`;
    this.registerOutputs({ address: this.address, innerAddress: this.innerAddress });
  }

  private certificate({ namespace, clusterIssuer }: VaultServerArgs): Certificate {
    const inner = `${vaultService}-internal`;
    return new Certificate(
      this.child("tls"),
      {
        namespace,
        clusterIssuer,
        secretName: `${vaultService}-tls`,
        dnsNames: [
          pulumi.interpolate`${vaultService}.${namespace}.svc`,
          pulumi.interpolate`*.${inner}.${namespace}.svc`,
          `*.${inner}`,
          "localhost",
        ],
        ipAddresses: ["127.0.0.1"],
      },
      { parent: this },
    );
  }

  /** Whoever has this key and the volumes can read everything: it is in the state, encrypted, and in this Secret. */
  private sealKey({ namespace }: VaultServerArgs): Secret {
    const key = new RandomBytes(this.child("seal-key"), { length: 32 }, { parent: this });
    return new Secret(
      this.child("seal"),
      { metadata: { name: `${vaultService}-seal`, namespace }, data: { key: key.base64 } },
      { parent: this },
    );
  }

  private values(args: VaultServerArgs, certificate: Certificate, seal: Secret | undefined): object {
    const { distribution, model, replicas, storageGiB, storageClass } = args;
    const labels = applicationLabels(vaultService);
    const configuration = serverConfiguration({
      distribution,
      tlsFolder,
      seal: args.seal,
      sealKeyFile,
      model,
      replicas,
    });
    const volume = { enabled: true, size: `${storageGiB}Gi`, storageClass };
    return {
      fullnameOverride: vaultService,
      global: { tlsDisable: false },
      injector: { enabled: false },
      server: {
        image: args.imageTag === undefined ? undefined : { tag: args.imageTag },
        extraLabels: { "bibind.com/application": labels["bibind.com/application"] },
        extraEnvironmentVars: caVariables[distribution],
        service: { annotations: verifiedTls(model, vaultService) },
        dataStorage: volume,
        auditStorage: volume,
        volumes: [
          { name: "tls", secret: { secretName: certificate.secretName } },
          { name: "ca", secret: { secretName: caSecret } },
          ...(seal === undefined ? [] : [{ name: "seal", secret: { secretName: seal.metadata.name } }]),
        ],
        volumeMounts: [
          { name: "tls", mountPath: tlsFolder, readOnly: true },
          { name: "ca", mountPath: "/etc/bibind-ca", readOnly: true },
          ...(seal === undefined ? [] : [{ name: "seal", mountPath: sealFolder, readOnly: true }]),
        ],
        ha: { enabled: true, replicas, raft: { enabled: true, setNodeId: true, config: configuration } },
        statefulSet: { securityContext },
        resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } },
      },
    };
  }
}

const caVariables: Readonly<Record<Distribution, Record<string, string>>> = {
  openbao: { BAO_CACERT: `/etc/bibind-ca/${caKey}` },
  vault: { VAULT_CACERT: `/etc/bibind-ca/${caKey}` },
};

/** Numbers of the published images (openbao-helm 0.29, vault-helm 0.34), and nothing that the model forbids. */
const securityContext = {
  pod: {
    runAsNonRoot: true,
    runAsUser: 100,
    runAsGroup: 1000,
    fsGroup: 1000,
    seccompProfile: { type: "RuntimeDefault" },
  },
  container: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
};
