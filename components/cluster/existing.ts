import * as pulumi from "@pulumi/pulumi";
import { BibindComponent } from "../base.ts";

/** A Kubernetes cluster that the platform administers. */
export interface Cluster {
  /** Administrator's kubeconfig, YAML or JSON. Secret. */
  readonly kubeconfig: pulumi.Output<string>;
}

export interface ExistingClusterArgs {
  /** Administrator's kubeconfig, YAML or JSON. Kept as a secret. A change moves the platform to another cluster. */
  readonly kubeconfig: pulumi.Input<string>;
}

/** An existing cluster, which is adopted. The component installs nothing in it and removes nothing from it. */
export class ExistingCluster extends BibindComponent implements Cluster {
  readonly kubeconfig: pulumi.Output<string>;

  constructor(name: string, args: ExistingClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bibind:cluster:ExistingCluster", name, opts);
    this.kubeconfig = pulumi.secret(args.kubeconfig);
    this.registerOutputs({ kubeconfig: this.kubeconfig });
  }
}
