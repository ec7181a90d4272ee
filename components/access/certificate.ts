import * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { BibindComponent } from "../base.ts";
import { physicalName } from "../names.ts";

export interface CertificateArgs {
  readonly namespace: pulumi.Input<string>;
  /** Name of the Secret that holds `tls.crt`, `tls.key` and `ca.crt`. A change replaces the certificate. */
  readonly secretName: string;
  /** DNS names that it is valid for; at least one. */
  readonly dnsNames: readonly pulumi.Input<string>[];
  /** IP addresses that it is valid for. Default: none. */
  readonly ipAddresses?: readonly string[];
  /** cert-manager ClusterIssuer that signs. */
  readonly clusterIssuer: pulumi.Input<string>;
  /** Days for which it is good; it is renewed when a third of them is left. Default: 90. */
  readonly days?: number;
  /** Labels of the Secret, such as those that make an operator read it again. Default: none. */
  readonly secretLabels?: Readonly<Record<string, string>>;
}

/** A TLS certificate that cert-manager issues and renews. */
export class Certificate extends BibindComponent {
  /** Secret of type `kubernetes.io/tls`, known once it holds the certificate. */
  readonly secretName: pulumi.Output<string>;

  constructor(name: string, args: CertificateArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:access:Certificate", name, opts);
    const hours = (args.days ?? 90) * 24;
    const certificate = new CustomResource(
      this.child("certificate"),
      {
        apiVersion: "cert-manager.io/v1",
        kind: "Certificate",
        metadata: {
          name: physicalName("kubernetesObject", args.secretName),
          namespace: args.namespace,
          annotations: { "pulumi.com/waitFor": "condition=Ready" },
        },
        spec: {
          secretName: args.secretName,
          secretTemplate: args.secretLabels === undefined ? undefined : { labels: args.secretLabels },
          dnsNames: args.dnsNames,
          ipAddresses: args.ipAddresses,
          duration: `${hours}h`,
          renewBefore: `${hours / 3}h`,
          privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
          usages: ["digital signature", "server auth", "client auth"],
          issuerRef: { kind: "ClusterIssuer", name: args.clusterIssuer },
        },
      },
      { parent: this },
    );
    this.secretName = certificate.id.apply(() => args.secretName);
    this.registerOutputs({ secretName: this.secretName });
  }
}
