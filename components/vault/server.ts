import * as pulumi from "@pulumi/pulumi";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { RandomBytes } from "@pulumi/random/randomBytes.js";
import { Certificate } from "../access/certificate.ts";
import { after } from "../after.ts";
import { BibindComponent } from "../base.ts";
import { applicationLabels } from "../kubernetes/application.ts";
import { HelmChart, type PublishedChart } from "../kubernetes/helm-chart.ts";
import { caFile, caFolder, caSecret } from "../kubernetes/model.ts";
import { Route, verifiedTls } from "../kubernetes/route.ts";
import { vaultAudience, vaultPort, vaultService } from "./address.ts";
import { deployerLogin } from "./self-init.ts";
import { hashiCorpVaultConfiguration, openBaoConfiguration, type ServerArgs } from "./server-configuration.ts";

/** Which program answers: OpenBao, or HashiCorp Vault. */
export type Distribution = "openbao" | "vault";

/** A key of this platform's own, in a Secret. */
export interface StaticSealArgs {
  readonly kind: "static";
}

/** A key of the transit engine of another Vault. */
export interface TransitSealArgs {
  readonly kind: "transit";
  readonly address: string;
  readonly keyName: string;
  readonly mountPath: string;
  /** Token of the other Vault that may encrypt and decrypt with the key. Secret. */
  readonly token: pulumi.Input<string>;
}

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
  /**
   * Servers, which hold the data together (Raft): 1, 3 or 5. Changed in place. OpenBao begins with one: servers that
   * initialise themselves do not wait for each other.
   */
  readonly replicas: number;
  /** Volume for the data of each server in GiB; another of the same size takes its audit log. */
  readonly storageGiB: number;
  readonly storageClass: pulumi.Input<string>;
  /** How it opens by itself after a start. A change needs a seal migration by hand (OpenBao documentation, "Seal"). */
  readonly seal: StaticSealArgs | TransitSealArgs;
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
 * there is no key and no token to be saved, and none that could be lost. HashiCorp Vault waits for `VaultInit`: the release
 * does not wait for its pods to be ready, because Helm does not where pods are replaced by hand (`OnDelete`).
 */
export class VaultServer extends BibindComponent {
  /** URL for people and the deployer, known once it is unsealed. */
  readonly address: pulumi.Output<string>;
  /** URL for pods. */
  readonly innerAddress: pulumi.Output<string>;
  /** URL of the first server for pods, known once its pod is there: what is done once is done with this one. */
  readonly firstAddress: pulumi.Output<string>;
  readonly chart: HelmChart;

  constructor(name: string, args: VaultServerArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:vault:VaultServer", name, opts);
    const certificate = this.certificate(args);
    const seal = this.sealSecret(args);
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
    this.address = after([this.chart.release.id], pulumi.interpolate`https://${args.host}`);
    this.innerAddress = pulumi.interpolate`https://${vaultService}.${args.namespace}.svc:${vaultPort}`;
    this.firstAddress = after(
      [this.chart.release.id],
      pulumi.interpolate`https://${vaultService}-0.${vaultService}-internal.${args.namespace}.svc:${vaultPort}`,
    );
    this.registerOutputs({ address: this.address, innerAddress: this.innerAddress, firstAddress: this.firstAddress });
  }

  private certificate({ namespace, clusterIssuer }: VaultServerArgs): Certificate {
    const inner = `${vaultService}-internal`;
    return new Certificate(
      this.child("tls"),
      {
        namespace,
        clusterIssuer,
        secretName: `${vaultService}-tls`,
        // Vault reads it again when it starts, or by a SIGHUP that nobody sends: an upgrade comes long before the end.
        days: 5 * 360,
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

  /** Whoever has what is in it and the volumes can read everything: it is in the state, encrypted, and in this Secret. */
  private sealSecret({ namespace, seal }: VaultServerArgs): Secret {
    const content =
      seal.kind === "static"
        ? { data: { key: new RandomBytes(this.child("seal-key"), { length: 32 }, { parent: this }).base64 } }
        : { stringData: { token: seal.token } };
    return new Secret(
      this.child("seal"),
      { metadata: { name: `${vaultService}-seal`, namespace }, ...content },
      { parent: this },
    );
  }

  private values(args: VaultServerArgs, certificate: Certificate, seal: Secret): object {
    const { distribution, model, replicas, storageGiB, storageClass } = args;
    const labels = applicationLabels(vaultService);
    const volume = { enabled: true, size: `${storageGiB}Gi`, storageClass };
    return {
      fullnameOverride: vaultService,
      global: { tlsDisable: false },
      injector: { enabled: false },
      server: {
        image: args.imageTag === undefined ? undefined : { tag: args.imageTag },
        extraLabels: { "bibind.com/application": labels["bibind.com/application"] },
        extraEnvironmentVars: caVariables[distribution],
        extraSecretEnvironmentVars:
          args.seal.kind === "transit"
            ? [{ envName: "VAULT_TOKEN", secretName: seal.metadata.name, secretKey: "token" }]
            : [],
        service: { annotations: verifiedTls(model, vaultService) },
        dataStorage: volume,
        auditStorage: volume,
        volumes: [
          { name: "tls", secret: { secretName: certificate.secretName } },
          { name: "ca", secret: { secretName: caSecret } },
          { name: "seal", secret: { secretName: seal.metadata.name } },
        ],
        volumeMounts: [
          { name: "tls", mountPath: tlsFolder, readOnly: true },
          { name: "ca", mountPath: caFolder, readOnly: true },
          { name: "seal", mountPath: sealFolder, readOnly: true },
        ],
        ha: { enabled: true, replicas, raft: { enabled: true, setNodeId: true, config: configuration(args) } },
        statefulSet: { securityContext },
        resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } },
      },
    };
  }
}

/** Where a distribution's server writes its audit log: on the volume that its chart mounts for it. */
export function auditFile(distribution: Distribution): string {
  return `/${distribution}/audit/audit.log`;
}

function configuration({ distribution, model, replicas, seal }: VaultServerArgs): string {
  const folder = `/${distribution}`;
  const apart = replicas === 1;
  const peers = Array.from({ length: apart ? 0 : replicas }, (_, index) => ({
    apiAddress: `https://${vaultService}-${index}.${vaultService}-internal:${vaultPort}`,
    caCertFile: caFile,
  }));
  const common: ServerArgs = {
    listener: { certFile: `${tlsFolder}/tls.crt`, keyFile: `${tlsFolder}/tls.key` },
    storage: { path: `${folder}/data`, peers },
    labelsPod: true,
  };
  if (distribution === "vault") {
    if (seal.kind === "static") {
      throw new Error("the settings schema lets HashiCorp Vault have no static seal");
    }
    return hashiCorpVaultConfiguration({ ...common, seal });
  }
  return openBaoConfiguration({
    ...common,
    seal: seal.kind === "static" ? { kind: "static", key: { id: "1", file: sealKeyFile } } : seal,
    auditFile: auditFile(distribution),
    firstRequests: apart ? deployerLogin({ namespace: model, audience: vaultAudience }) : [],
  });
}

const caVariables: Readonly<Record<Distribution, Record<string, string>>> = {
  openbao: { BAO_CACERT: caFile },
  vault: { VAULT_CACERT: caFile },
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
