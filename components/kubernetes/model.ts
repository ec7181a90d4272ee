import * as pulumi from "@pulumi/pulumi";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import { BibindComponent } from "../base.ts";
import { physicalName } from "../names.ts";
import { managedLabel, withoutPrivileges } from "./managed.ts";
import { servedBy } from "./operator-guard.ts";

export interface ModelArgs {
  /** Name of the model and of its namespace. A change replaces everything in it. */
  readonly model: string;
  /** PEM certificate of the CA that signs the cluster-internal certificates. Changed in place. */
  readonly caCertificate: pulumi.Input<string>;
  /** Full DNS names of the hosts that its applications have. No other namespace uses them, see `NameGuard`. Default: none. */
  readonly hosts?: readonly pulumi.Input<string>[];
  /** Operators that serve it, see `OperatorGuard`. Default: none. */
  readonly operators?: readonly string[];
}

/** Annotation of a namespace: the DNS names of its hosts, separated by commas. Only the deployer changes it. */
export const hostsAnnotation = "bibind.com/hosts";

/**
 * Secret of every model, and its key, with the CA of the cluster-internal certificates. It holds no secret, but operators
 * and the ingress controller read a CA from a Secret only. They read another CA by themselves; a program that reads the
 * CA at its start only restarts, see `caChecksum`.
 */
export const caSecret = "bibind-ca";
const caKey = "ca.crt";

/** Port of the pods that cert-manager starts for the challenges of a public CA. They serve a public text only. */
const challengePort = 8089;

/** Folder at which our pods mount it. */
export const caFolder = "/etc/bibind-ca";
export const caFile = `${caFolder}/${caKey}`;

/**
 * A model: a namespace that denies all ingress, and in which pods run without privileges. An `Opening` allows the
 * connections of a declared relation. The ingress reaches the challenges of a public CA, for the model's certificates.
 *
 * Egress is allowed: the other models deny ingress, and the Kubernetes API requires a token.
 */
export class Model extends BibindComponent {
  constructor(name: string, args: ModelArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:kubernetes:Model", name, opts);
    const namespace = new Namespace(
      this.child("namespace"),
      {
        metadata: {
          name: physicalName("kubernetesNamespace", args.model),
          annotations: { [hostsAnnotation]: pulumi.all([...(args.hosts ?? [])]).apply((hosts) => hosts.join(",")) },
          labels: {
            ...managedLabel,
            ...servedBy(args.operators ?? []),
            ...withoutPrivileges,
          },
        },
      },
      // Its deletion deletes every volume in it.
      { parent: this, protect: true },
    );
    new NetworkPolicy(
      this.child("closed"),
      {
        metadata: { name: "closed", namespace: namespace.metadata.name },
        spec: { podSelector: {}, policyTypes: ["Ingress"] },
      },
      { parent: this },
    );
    new NetworkPolicy(
      this.child("challenges"),
      {
        metadata: { name: "challenges", namespace: namespace.metadata.name },
        spec: {
          podSelector: { matchLabels: { "acme.cert-manager.io/http01-solver": "true" } },
          policyTypes: ["Ingress"],
          ingress: [{ ports: [{ protocol: "TCP", port: challengePort }] }],
        },
      },
      { parent: this },
    );
    new Secret(
      this.child("ca"),
      {
        metadata: { name: caSecret, namespace: namespace.metadata.name },
        stringData: { [caKey]: args.caCertificate },
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
