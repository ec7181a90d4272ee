import type * as pulumi from "@pulumi/pulumi";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import { after } from "../after.ts";
import { BibindComponent } from "../base.ts";
import { physicalName } from "../names.ts";

export interface ModelArgs {
  /** Name of the model and of its namespace. A change replaces everything in it. */
  readonly model: string;
  /** PEM certificate of the CA that signs the platform's inner certificates. Changed in place. */
  readonly caCertificate: pulumi.Input<string>;
}

/**
 * Secret of every model, and its key, with the CA that pods trust each other by. Nothing in it is secret, but operators
 * and the ingress controller take a CA from nothing else.
 */
export const caSecret = "bibind-ca";
export const caKey = "ca.crt";

/** Where pods of ours mount it. */
export const caFolder = "/etc/bibind-ca";
export const caFile = `${caFolder}/${caKey}`;

/**
 * A model: a namespace in which pods run without privileges and nobody is let in but by a declared relation.
 *
 * Egress stays open: what leaves a pod arrives at another model's door, which is closed, at the Kubernetes API, which asks
 * for a token, or outside of the cluster.
 */
export class Model extends BibindComponent {
  /** Its namespace, known once it is closed. */
  readonly namespace: pulumi.Output<string>;

  constructor(name: string, args: ModelArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:kubernetes:Model", name, opts);
    const namespace = new Namespace(
      this.child("namespace"),
      {
        metadata: {
          name: physicalName("kubernetesNamespace", args.model),
          labels: {
            "app.kubernetes.io/managed-by": "bibind",
            // Pod Security Standards (Kubernetes documentation, "Pod Security Admission").
            "pod-security.kubernetes.io/enforce": "restricted",
          },
        },
      },
      { parent: this },
    );
    const closed = new NetworkPolicy(
      this.child("closed"),
      {
        metadata: { name: "closed", namespace: namespace.metadata.name },
        spec: { podSelector: {}, policyTypes: ["Ingress"] },
      },
      { parent: this },
    );
    const trust = new Secret(
      this.child("ca"),
      {
        metadata: { name: caSecret, namespace: namespace.metadata.name },
        stringData: { [caKey]: args.caCertificate },
      },
      { parent: this },
    );
    this.namespace = after([trust.id], closed.metadata.namespace);
    this.registerOutputs({ namespace: this.namespace });
  }
}
