import type * as pulumi from "@pulumi/pulumi";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import { BibindComponent } from "../base.ts";
import { physicalName } from "../names.ts";
import { applicationLabel, type PodsOf } from "./application.ts";

export interface OpeningArgs {
  /** Whose pods are let in. */
  readonly from: PodsOf;
  /** Whose pods let them in; its namespace is a model. */
  readonly to: PodsOf & { readonly application: string };
  /** TCP ports that are opened. */
  readonly ports: readonly number[];
}

/** The one way in to a closed model: from the pods of one application, to those of another, on some ports. */
export class Opening extends BibindComponent {
  /** Id of the NetworkPolicy, known once it is there. */
  readonly policyId: pulumi.Output<string>;

  constructor(name: string, args: OpeningArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:kubernetes:Opening", name, opts);
    const { from, to, ports } = args;
    const pods: Record<string, string> = from.application === undefined ? {} : { [applicationLabel]: from.application };
    const policy = new NetworkPolicy(
      this.child("policy"),
      {
        metadata: { name: physicalName("kubernetesObject", name), namespace: to.namespace },
        spec: {
          podSelector: { matchLabels: { [applicationLabel]: to.application } },
          policyTypes: ["Ingress"],
          ingress: [
            {
              from: [
                {
                  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": from.namespace } },
                  podSelector: { matchLabels: pods },
                },
              ],
              ports: ports.map((port) => ({ protocol: "TCP", port })),
            },
          ],
        },
      },
      { parent: this },
    );
    this.policyId = policy.id;
    this.registerOutputs({ policyId: this.policyId });
  }
}
