import * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { BibindComponent } from "../base.ts";
import { physicalName } from "../names.ts";

export interface CertificateArgs {
  readonly namespace: string;
  /** Name of the Secret that holds `tls.crt`, `tls.key` and `ca.crt`. A change replaces the certificate. */
  readonly secretName: string;
  /** DNS names that it is valid for; at least one. */
  readonly dnsNames: readonly pulumi.Input<string>[];
  /** IP addresses that it is valid for. Default: none. */
  readonly ipAddresses?: readonly string[];
  /** cert-manager ClusterIssuer that signs. */
  readonly clusterIssuer: pulumi.Input<string>;
  /** Validity in days; cert-manager renews it when a third of them is left. Default: 90. */
  readonly days?: number;
  /** Labels of the Secret, such as those that make an operator read it again. Default: none. */
  readonly secretLabels?: Readonly<Record<string, string>>;
}

/** A duration as Go writes it. cert-manager stores this form, and another form would be a difference at every preview. */
const goDuration = (hours: number): string => `${hours}h0m0s`;

/** A TLS certificate that cert-manager issues and renews. It is ready when the Secret holds the certificate. */
export class Certificate extends BibindComponent {
  /** Name of the Secret, of type `kubernetes.io/tls`. */
  readonly secretName: string;

  constructor(name: string, args: CertificateArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:kubernetes:Certificate", name, opts);
    const hours = (args.days ?? 90) * 24;
    this.secretName = physicalName("kubernetesObject", args.secretName);
    new CustomResource(
      this.child("certificate"),
      {
        apiVersion: "cert-manager.io/v1",
        kind: "Certificate",
        metadata: {
          name: this.secretName,
          namespace: args.namespace,
          annotations: { "pulumi.com/waitFor": "condition=Ready" },
        },
        spec: {
          secretName: this.secretName,
          secretTemplate: args.secretLabels === undefined ? undefined : { labels: args.secretLabels },
          dnsNames: args.dnsNames,
          ipAddresses: args.ipAddresses,
          duration: goDuration(hours),
          renewBefore: goDuration(hours / 3),
          privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
          usages: ["digital signature", "server auth", "client auth"],
          issuerRef: { kind: "ClusterIssuer", name: args.clusterIssuer },
        },
      },
      { parent: this },
    );
    this.registerOutputs({ secretName: this.secretName });
  }
}
