import * as pulumi from "@pulumi/pulumi";
import { Certificate } from "../access/certificate.ts";
import { after } from "../after.ts";
import { BibindComponent, type ComponentToken } from "../base.ts";
import { HelmChart, type PublishedChart } from "../kubernetes/helm-chart.ts";
import { Route } from "../kubernetes/route.ts";

/** What a server of the sign-in needs of the place that it runs in. */
export interface SignInPlace {
  readonly chart: PublishedChart;
  /** Name of the model, and its namespace once that is there. */
  readonly model: string;
  readonly namespace: pulumi.Input<string>;
  /** Pods. Changed in place. */
  readonly replicas: number;
  /** DNS name of the platform's sign-in, and the Secret with its certificate. */
  readonly host: pulumi.Input<string>;
  readonly hostTlsSecret: pulumi.Input<string>;
  readonly ingressClass: pulumi.Input<string>;
  /** ClusterIssuer of the certificate by which pods know it. */
  readonly clusterIssuer: pulumi.Input<string>;
}

/** What makes one of Ory's servers. */
export interface OryServerKind {
  /** Name of its Services, up to `-public` and `-admin`. */
  readonly application: string;
  /** What of the sign-in host is its own, and the port of its public Service. */
  readonly paths: readonly string[];
  readonly port: number;
  /** Values of its chart, given the Secret with its certificate. */
  readonly values: (tlsSecret: pulumi.Output<string>) => object;
}

/** One of Ory's servers: a certificate that pods know it by, its chart, and the way to it from the front door. */
export abstract class OryServer extends BibindComponent {
  /** URL below which it answers, known once it does. */
  readonly url: pulumi.Output<string>;
  readonly appVersion: pulumi.Output<string>;

  protected constructor(
    token: ComponentToken,
    name: string,
    place: SignInPlace,
    { application, paths, port, values }: OryServerKind,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super(token, name, opts);
    const { namespace, host, clusterIssuer, ingressClass } = place;
    const tls = new Certificate(
      this.child("tls"),
      {
        namespace,
        clusterIssuer,
        secretName: `${application}-tls`,
        dnsNames: ["public", "admin"].map((part) => pulumi.interpolate`${application}-${part}.${namespace}.svc`),
      },
      { parent: this },
    );
    const chart = new HelmChart(
      this.child("chart"),
      { ...place.chart, into: { model: namespace }, values: values(tls.secretName) },
      { parent: this },
    );
    new Route(
      this.child("route"),
      {
        namespace,
        host,
        paths,
        service: `${application}-public`,
        port,
        ingressClass,
        tlsSecret: place.hostTlsSecret,
      },
      { parent: this },
    );
    this.url = after([chart.release.id], pulumi.interpolate`https://${host}`);
    this.appVersion = chart.appVersion;
    this.registerOutputs({ url: this.url, appVersion: this.appVersion });
  }
}
