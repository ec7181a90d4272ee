import * as pulumi from "@pulumi/pulumi";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { BibindComponent } from "../base.ts";
import { applicationLabel } from "../kubernetes/application.ts";
import { Certificate } from "../kubernetes/certificate.ts";
import { fixedVolume } from "../kubernetes/fixed-volume.ts";
import { HelmChart, type PublishedChart } from "../kubernetes/helm-chart.ts";
import { caFile, caFolder, caSecret } from "../kubernetes/model.ts";
import { Route, verifiedTls } from "../kubernetes/route.ts";
import { vaultPort, vaultService } from "./address.ts";
import { closedPaths, wrappingHeaders } from "./outside.ts";
import { deployerNamespace } from "./policies/deployer.ts";
import { VaultRegistration } from "./registration.ts";
import { deployerLogin } from "./self-init.ts";
import { hashiCorpVaultConfiguration, openBaoConfiguration, type ServerArgs } from "./server-configuration.ts";

/** The program: OpenBao or HashiCorp Vault. */
export type Distribution = "openbao" | "vault";

/** A key in a Secret of the platform. */
export interface StaticSealArgs {
  readonly kind: "static";
  /** 32 random bytes in base64. Secret. Nobody can read the volumes of the server without this key. */
  readonly key: pulumi.Input<string>;
}

/** A key of the transit engine of another Vault. */
export interface TransitSealArgs {
  readonly kind: "transit";
  readonly address: string;
  readonly keyName: string;
  readonly mountPath: string;
  /**
   * Token of the other Vault that may encrypt and decrypt with the key. Secret. Vault reads it at its start and needs it
   * then only, so another token restarts nothing.
   */
  readonly token: pulumi.Input<string>;
}

export interface VaultServerArgs {
  /** The program. A change replaces the server and does not migrate its data. */
  readonly distribution: Distribution;
  /** Its chart: `openbao`, or HashiCorp's `vault`, which has the same values. */
  readonly chart: PublishedChart;
  /** Name of the model, which is its namespace. */
  readonly model: string;
  /**
   * Servers of the Raft cluster: 1, 3 or 5. Changed in place. OpenBao starts with one, because servers that initialise
   * themselves do not wait for each other.
   */
  readonly replicas: number;
  /**
   * Volume for the data of each server in GiB. Another volume of the same size holds its audit log. It cannot be changed
   * later.
   */
  readonly storageGiB: number;
  readonly storageClass: pulumi.Input<string>;
  /** How it unseals itself after a start. A change needs a seal migration by hand (OpenBao documentation, "Seal"). */
  readonly seal: StaticSealArgs | TransitSealArgs;
  /** DNS name for people and the deployer, and its certificate. */
  readonly host: pulumi.Input<string>;
  readonly edgeCertificate: Certificate;
  readonly ingressClass: pulumi.Input<string>;
  /** ClusterIssuer of the cluster-internal certificate. */
  readonly clusterIssuer: pulumi.Input<string>;
}

/** Folders of the server's pod. */
const tlsFolder = "/etc/vault-tls";
const sealFolder = "/etc/vault-seal";
const sealKeyFile = `${sealFolder}/key`;

/** Service of the chart by which the servers reach each other. */
const internalService = `${vaultService}-internal`;

/**
 * Vault with integrated storage, a TLS listener, an audit log on a volume and an automatic unseal.
 *
 * OpenBao initialises itself at its first start: it enables the deployer's login through Kubernetes and revokes its root
 * token, so that no key and no token must be saved. HashiCorp Vault waits for `VaultInit`. Its release does not wait for
 * ready pods, because Helm does not wait where pods are replaced by hand (`OnDelete`).
 */
export class VaultServer extends BibindComponent {
  /** URL for people and the deployer. */
  readonly address: pulumi.Output<string>;
  /** URL for pods. */
  readonly internalAddress: string;
  /** URL of the first server, for pods. */
  readonly firstAddress: string;
  readonly chart: HelmChart;

  constructor(name: string, args: VaultServerArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:vault:VaultServer", name, opts, args.edgeCertificate);
    const { model } = args;
    const certificate = this.certificate(args);
    const seal = this.sealSecret(args);
    const registration = new VaultRegistration(
      this.child("registration"),
      { namespace: model, replicas: args.replicas },
      { parent: this },
    );
    this.chart = new HelmChart(
      this.child("chart"),
      {
        ...args.chart,
        into: { model },
        releaseName: vaultService,
        values: values(args, certificate, seal),
        hooks: fixedVolume({
          name: this.child("fixed-volume"),
          owner: "Vault",
          path: ["values", "server", "dataStorage", "size"],
        }),
      },
      { parent: this, dependsOn: [certificate, registration], protect: true },
    );
    new Route(
      this.child("route"),
      {
        namespace: model,
        hosts: [{ host: args.host, tlsSecret: args.edgeCertificate.secretName }],
        paths: ["/"],
        service: vaultService,
        port: vaultPort,
        ingressClass: args.ingressClass,
        removedHeaders: wrappingHeaders,
        closedPaths,
      },
      { parent: this },
    );
    this.address = pulumi.interpolate`https://${args.host}`;
    this.internalAddress = `https://${vaultService}.${model}.svc:${vaultPort}`;
    this.firstAddress = `https://${vaultService}-0.${internalService}.${model}.svc:${vaultPort}`;
    this.registerOutputs({ address: this.address, internalAddress: this.internalAddress });
  }

  private certificate({ model, clusterIssuer }: VaultServerArgs): Certificate {
    return new Certificate(
      this.child("tls"),
      {
        namespace: model,
        clusterIssuer,
        secretName: `${vaultService}-tls`,
        // Vault reads the certificate at its start or on SIGHUP, which nobody sends. Upgrades restart Vault more often.
        days: 5 * 360,
        dnsNames: [
          `${vaultService}.${model}.svc`,
          `*.${internalService}.${model}.svc`,
          `*.${internalService}`,
          "localhost",
        ],
        ipAddresses: ["127.0.0.1"],
      },
      { parent: this },
    );
  }

  /** With the seal's key and the volumes, all data can be read. The key is in this Secret and, encrypted, in the state. */
  private sealSecret({ model, seal }: VaultServerArgs): Secret {
    const content = seal.kind === "static" ? { data: { key: seal.key } } : { stringData: { token: seal.token } };
    return new Secret(
      this.child("seal"),
      { metadata: { name: `${vaultService}-seal`, namespace: model }, ...content },
      { parent: this, protect: seal.kind === "static" },
    );
  }
}

function values(args: VaultServerArgs, certificate: Certificate, seal: Secret): object {
  const { distribution, model, replicas, storageGiB, storageClass } = args;
  const volume = { enabled: true, size: `${storageGiB}Gi`, storageClass };
  return {
    fullnameOverride: vaultService,
    global: { tlsDisable: false },
    injector: { enabled: false },
    server: {
      extraLabels: { [applicationLabel]: vaultService },
      extraEnvironmentVars: caVariables[distribution],
      extraSecretEnvironmentVars:
        args.seal.kind === "transit"
          ? [{ envName: "VAULT_TOKEN", secretName: seal.metadata.name, secretKey: "token" }]
          : [],
      serviceAccount: { serviceDiscovery: { enabled: false } },
      service: { annotations: verifiedTls(model, vaultService) },
      dataStorage: volume,
      auditStorage: volume,
      // The keys are for the group of the server only.
      volumes: [
        { name: "tls", secret: { secretName: certificate.secretName, defaultMode: 0o440 } },
        { name: "ca", secret: { secretName: caSecret } },
        { name: "seal", secret: { secretName: seal.metadata.name, defaultMode: 0o440 } },
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

/** Path of the audit log, on the volume that the distribution's chart mounts for it. */
export function auditFile(distribution: Distribution): string {
  return `/${distribution}/audit/audit.log`;
}

function configuration({ distribution, replicas, seal }: VaultServerArgs): string {
  const folder = `/${distribution}`;
  const isSingle = replicas === 1;
  const peers = Array.from({ length: isSingle ? 0 : replicas }, (_, index) => ({
    apiAddress: `https://${vaultService}-${index}.${internalService}:${vaultPort}`,
    caCertFile: caFile,
  }));
  const common: ServerArgs = {
    listener: { certFile: `${tlsFolder}/tls.crt`, keyFile: `${tlsFolder}/tls.key` },
    storage: { path: `${folder}/data`, peers },
  };
  if (distribution === "vault") {
    if (seal.kind === "static") {
      throw new Error("the settings schema lets HashiCorp Vault have no static seal");
    }
    return hashiCorpVaultConfiguration({ ...common, seal });
  }
  return openBaoConfiguration({
    ...common,
    seal: seal.kind === "static" ? { kind: "static", keyId: "1", keyFile: sealKeyFile } : seal,
    auditFile: auditFile(distribution),
    firstRequests: isSingle ? deployerLogin(deployerNamespace) : [],
  });
}

const caVariables: Readonly<Record<Distribution, Record<string, string>>> = {
  openbao: { BAO_CACERT: caFile },
  vault: { VAULT_CACERT: caFile },
};

/** User and group of the published images (openbao-helm 0.29, vault-helm 0.34), within the limits of the model. */
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
