import type * as pulumi from "@pulumi/pulumi";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Release } from "@pulumi/kubernetes/helm/v3/release.js";
import { BibindComponent } from "../base.ts";
import { physicalName } from "../names.ts";

export interface HelmChartArgs {
  /** Chart name in its repository. A change replaces the release. */
  readonly chart: string;
  /** Repository URL that the chart is fetched from. */
  readonly repository: pulumi.Input<string>;
  /** Exact chart version. */
  readonly version: string;
  /** Namespace, made by this component. A change replaces everything in it. */
  readonly namespace: string;
  /** Values by the chart's own keys; never a secret (design, section 7). Default: the chart's. */
  readonly values?: object;
  /** Seconds until the workloads of the chart must be ready. Default: 300. */
  readonly timeoutSeconds?: number;
}

/**
 * A published Helm chart in a namespace of its own, the only way the platform installs charts.
 *
 * It is a `helm.v3.Release` because that one runs the chart's hooks (migrations, webhook certificates), which
 * `helm.v4.Chart` drops (pulumi-kubernetes 4.32).
 */
export class HelmChart extends BibindComponent {
  /** Namespace of the release, known once the chart's workloads are ready. */
  readonly namespace: pulumi.Output<string>;
  /** Version of the application inside the chart, known once its workloads are ready. */
  readonly appVersion: pulumi.Output<string>;

  constructor(name: string, args: HelmChartArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:kubernetes:HelmChart", name, opts);
    const namespace = new Namespace(
      this.child("namespace"),
      {
        metadata: {
          name: physicalName("kubernetesNamespace", args.namespace),
          labels: { "app.kubernetes.io/managed-by": "bibind" },
        },
      },
      { parent: this },
    );
    const release = new Release(
      this.child("release"),
      {
        name: physicalName("helmRelease", args.chart),
        chart: args.chart,
        version: args.version,
        repositoryOpts: { repo: args.repository },
        namespace: namespace.metadata.name,
        values: args.values ?? {},
        timeout: args.timeoutSeconds ?? 300,
        atomic: true,
      },
      { parent: this },
    );
    this.namespace = release.status.namespace;
    this.appVersion = release.status.appVersion;
    this.registerOutputs({ namespace: this.namespace, appVersion: this.appVersion });
  }
}
