import type * as pulumi from "@pulumi/pulumi";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Release } from "@pulumi/kubernetes/helm/v3/release.js";
import { BibindComponent } from "../base.ts";
import { physicalName } from "../names.ts";
import { managedLabel, withoutPrivileges } from "./managed.ts";

/** A published chart. */
export interface PublishedChart {
  /** Chart name in its repository. A change replaces the release. */
  readonly chart: string;
  /** Repository URL that the chart is fetched from. */
  readonly repository: pulumi.Input<string>;
  /** Exact chart version. */
  readonly version: string;
}

export interface HelmChartArgs extends PublishedChart {
  /**
   * Namespace of the release: one of its own, in which pods run without privileges, or that of a model. A change replaces
   * the release.
   */
  readonly into: { readonly namespace: string } | { readonly model: string };
  /** Values by the chart's own keys; never a secret (design, section 7). Default: the chart's. */
  readonly values?: object;
  /** Name of the release. Default: the chart's. A change replaces the release. */
  readonly releaseName?: string;
  /** Checks of a change of the release. Default: none. */
  readonly hooks?: pulumi.ResourceHookBinding;
}

/** Seconds until the workloads of a chart must be ready. */
const timeoutSeconds = 300;

/**
 * A published Helm chart, the only way the platform installs charts.
 *
 * It is a `helm.v3.Release`, which runs the chart's hooks (migrations, webhook certificates). `helm.v4.Chart` ignores them
 * (pulumi-kubernetes 4.32).
 */
export class HelmChart extends BibindComponent {
  /** The release. Its id is known once the chart's workloads are ready, and in the preview of an update. */
  readonly release: Release;
  /** Version of the application inside the chart, known once its workloads are ready. */
  readonly appVersion: pulumi.Output<string>;

  constructor(name: string, args: HelmChartArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:kubernetes:HelmChart", name, opts);
    this.release = new Release(
      this.child("release"),
      {
        name: physicalName("helmRelease", args.releaseName ?? args.chart),
        chart: args.chart,
        version: args.version,
        repositoryOpts: { repo: args.repository },
        namespace: "model" in args.into ? args.into.model : this.ownNamespace(args.into.namespace),
        values: args.values ?? {},
        timeout: timeoutSeconds,
        atomic: true,
      },
      { parent: this, hooks: args.hooks },
    );
    this.appVersion = this.release.status.appVersion;
    this.registerOutputs({ appVersion: this.appVersion });
  }

  private ownNamespace(name: string): pulumi.Output<string> {
    const namespace = new Namespace(
      this.child("namespace"),
      {
        metadata: {
          name: physicalName("kubernetesNamespace", name),
          labels: { ...managedLabel, ...withoutPrivileges },
        },
      },
      { parent: this },
    );
    return namespace.metadata.name;
  }
}
