import type * as pulumi from "@pulumi/pulumi";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import { BibindComponent } from "../base.ts";

export interface ClosedNamespaceArgs {
  /** A namespace that is no model, such as that of an operator. */
  readonly namespace: string;
  /**
   * TCP ports of its pods that everybody reaches: clients outside of the cluster, and the API server, whose address no
   * policy can name. Default: none.
   */
  readonly publicPorts?: readonly number[];
}

/** Denies all other connections to the pods of a namespace. */
export class ClosedNamespace extends BibindComponent {
  constructor(name: string, args: ClosedNamespaceArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:kubernetes:ClosedNamespace", name, opts);
    const { namespace, publicPorts = [] } = args;
    const ports = publicPorts.map((port) => ({ protocol: "TCP", port }));
    new NetworkPolicy(
      this.child("policy"),
      {
        metadata: { name: "closed", namespace },
        spec: {
          podSelector: {},
          policyTypes: ["Ingress"],
          // A rule without ports would let every port in.
          ingress: ports.length === 0 ? undefined : [{ ports }],
        },
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
