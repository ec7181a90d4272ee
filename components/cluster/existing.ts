import * as pulumi from "@pulumi/pulumi";
import { BibindComponent } from "../base.ts";

/** A Kubernetes cluster that the platform may administer, however it came to be. */
export interface Cluster {
  /** Administrator's kubeconfig, YAML or JSON. Secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** True once the cluster answers with everything it was asked for. */
  readonly ready: pulumi.Output<boolean>;
}

export interface ExistingClusterArgs {
  /** Administrator's kubeconfig, YAML or JSON. Kept as a secret. A change moves the platform to another cluster. */
  readonly kubeconfig: pulumi.Input<string>;
}

/** A cluster that exists and is adopted: nothing is installed in it here and nothing is ever removed from it. */
export class ExistingCluster extends BibindComponent implements Cluster {
  readonly kubeconfig: pulumi.Output<string>;
  readonly ready: pulumi.Output<boolean>;

  constructor(name: string, args: ExistingClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bibind:cluster:ExistingCluster", name, opts);
    this.kubeconfig = pulumi.secret(args.kubeconfig);
    this.ready = pulumi.output(true);
    this.registerOutputs({ kubeconfig: this.kubeconfig, ready: this.ready });
  }
}
