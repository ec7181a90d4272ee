import type * as pulumi from "@pulumi/pulumi";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import { BibindComponent } from "../base.ts";
import { physicalName } from "../names.ts";
import { applicationLabel, type PodsOf } from "./application.ts";

export interface OpeningArgs {
  /** Pods that may connect. */
  readonly from: PodsOf;
  /** Pods that accept the connections; their namespace is a model. */
  readonly to: PodsOf & { readonly application: string };
  /** TCP ports of the pods that accept. */
  readonly ports: readonly number[];
}

/** Lets the pods of one application connect to some ports of another application, whose model denies all else by default. */
export class Opening extends BibindComponent {
  constructor(name: string, args: OpeningArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:kubernetes:Opening", name, opts);
    const { from, to, ports } = args;
    const pods: Record<string, string> = from.application === undefined ? {} : { [applicationLabel]: from.application };
    new NetworkPolicy(
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
    this.registerOutputs({});
  }
}
