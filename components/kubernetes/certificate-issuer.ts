import * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { BibindComponent } from "../base.ts";
import { OperatorError } from "../errors/operator-error.ts";
import { certManagerNamespace } from "./cert-manager.ts";
import { managedLabel } from "./managed.ts";

/** A CA inside the cluster, for machines that no public CA can reach. */
export interface InternalAuthority {
  readonly issuer: "internal";
  /** Common name of the CA's certificate. A change makes a new CA. */
  readonly commonName: pulumi.Input<string>;
}

/** A public CA that speaks ACME (RFC 8555) and proves names over HTTP through the ingress. */
export interface AcmeAuthority {
  readonly issuer: "acme";
  /** Address to which the CA writes about expiring certificates. */
  readonly email: pulumi.Input<string>;
  /** Directory URL of the CA. */
  readonly server: pulumi.Input<string>;
}

export interface CertificateIssuerArgs {
  /** Name of the ClusterIssuer. A change replaces it. */
  readonly issuerName: string;
  readonly authority: InternalAuthority | AcmeAuthority;
  /** IngressClass that answers the ACME challenges. */
  readonly ingressClass: string;
}

const apiVersion = "cert-manager.io/v1";
/** Pulumi waits until cert-manager reports the object as ready. */
const untilReady = { "pulumi.com/waitFor": "condition=Ready" };

/** A ClusterIssuer: it signs the edge certificates, or the cluster-internal ones. */
export class CertificateIssuer extends BibindComponent {
  /** Name of the ClusterIssuer. */
  readonly issuerName: pulumi.Output<string>;
  /** PEM certificate of the internal CA. Empty with ACME: browsers know its CA. */
  readonly caCertificate: pulumi.Output<string>;

  constructor(name: string, args: CertificateIssuerArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:kubernetes:CertificateIssuer", name, opts);
    const { authority } = args;
    if (authority.issuer === "internal") {
      const issuer = this.internalIssuer(args.issuerName, authority);
      this.issuerName = issuer.metadata.name;
      this.caCertificate = this.publishedCa(issuer);
    } else {
      this.issuerName = this.acmeIssuer(args, authority).metadata.name;
      this.caCertificate = pulumi.output("");
    }
    this.registerOutputs({ issuerName: this.issuerName, caCertificate: this.caCertificate });
  }

  private clusterIssuer(
    name: string,
    issuerName: string,
    spec: object,
    required: pulumi.Resource[] = [],
  ): CustomResource {
    return new CustomResource(
      name,
      {
        apiVersion,
        kind: "ClusterIssuer",
        metadata: { name: issuerName, labels: managedLabel, annotations: untilReady },
        spec,
      },
      { parent: this, dependsOn: required },
    );
  }

  private internalIssuer(issuerName: string, authority: InternalAuthority): CustomResource {
    const selfSigned = this.clusterIssuer(this.child("self-signed"), `${issuerName}-self-signed`, { selfSigned: {} });
    const ca = new CustomResource(
      this.child("ca"),
      {
        apiVersion,
        kind: "Certificate",
        metadata: { name: `${issuerName}-ca`, namespace: certManagerNamespace, annotations: untilReady },
        spec: {
          isCA: true,
          commonName: authority.commonName,
          secretName: `${issuerName}-ca`,
          // Ten years, renewed one year before the end: people install this certificate in their browsers by hand.
          duration: "87600h0m0s",
          renewBefore: "8760h0m0s",
          privateKey: { algorithm: "ECDSA", size: 256 },
          issuerRef: { kind: "ClusterIssuer", name: selfSigned.metadata.name },
        },
      },
      { parent: this },
    );
    return this.clusterIssuer(this.child("issuer"), issuerName, { ca: { secretName: `${issuerName}-ca` } }, [ca]);
  }

  /**
   * The CA's certificate, read from the Secret of a leaf certificate: the CA's private key never enters the state.
   */
  private publishedCa(issuer: CustomResource): pulumi.Output<string> {
    const secretName = this.child("trust");
    const leaf = new CustomResource(
      this.child("leaf"),
      {
        apiVersion,
        kind: "Certificate",
        metadata: { name: secretName, namespace: certManagerNamespace, annotations: untilReady },
        spec: {
          secretName,
          dnsNames: ["trust.invalid"],
          privateKey: { algorithm: "ECDSA", size: 256 },
          issuerRef: { kind: "ClusterIssuer", name: issuer.metadata.name },
        },
      },
      { parent: this },
    );
    const secret = Secret.get(
      this.child("trust"),
      leaf.metadata.apply(() => `${certManagerNamespace}/${secretName}`),
      { parent: this },
    );
    return pulumi.unsecret(secret.data.apply((data) => pem(data["ca.crt"], secretName)));
  }

  private acmeIssuer(args: CertificateIssuerArgs, authority: AcmeAuthority): CustomResource {
    return this.clusterIssuer(this.child("issuer"), args.issuerName, {
      acme: {
        email: authority.email,
        server: authority.server,
        privateKeySecretRef: { name: `${args.issuerName}-account` },
        solvers: [{ http01: { ingress: challengeIngress(args.ingressClass) } }],
      },
    });
  }
}

/**
 * The Ingress of a challenge (cert-manager 1.12 and later). Traefik reads the class of an Ingress in its spec only, and
 * the CA comes to port 80, see `FrontDoor`.
 */
function challengeIngress(ingressClassName: string): object {
  const annotations = { "traefik.ingress.kubernetes.io/router.entrypoints": "web" };
  return { ingressClassName, ingressTemplate: { metadata: { annotations } } };
}

function pem(base64: string | undefined, secretName: string): string {
  if (base64 === undefined) {
    throw new OperatorError({
      what: "cert-manager issued a certificate without its CA",
      where: `key ca.crt of Secret ${certManagerNamespace}/${secretName}`,
      remedy: "look at kubectl -n cert-manager describe certificate, delete the Secret and run pulumi up again",
    });
  }
  return Buffer.from(base64, "base64").toString("utf8");
}
