import * as pulumi from "@pulumi/pulumi";
import type { AppIdentity } from "../access/app-identity.ts";
import type { LeasedDatabaseUser } from "../access/leased-database-user.ts";
import type { SyncedSecret } from "../access/synced-secret.ts";
import { BibindComponent, type ComponentToken } from "../base.ts";
import { Certificate } from "../kubernetes/certificate.ts";
import { HelmChart, type PublishedChart } from "../kubernetes/helm-chart.ts";
import { Route } from "../kubernetes/route.ts";

/** Arguments of every sign-in server. */
export interface SignInServerArgs {
  /** Name of the model, which is its namespace. */
  readonly model: string;
  /** Pods. Changed in place. */
  readonly replicas: number;
  /** DNS name of the platform's sign-in, and its certificate. */
  readonly host: pulumi.Input<string>;
  readonly edgeCertificate: Certificate;
  readonly ingressClass: pulumi.Input<string>;
  /** ClusterIssuer of the cluster-internal certificate. */
  readonly clusterIssuer: pulumi.Input<string>;
  /** PEM certificate of the cluster-internal CA. The pods restart when it changes. */
  readonly internalCaCertificate: pulumi.Input<string>;
  readonly identity: AppIdentity;
  /** Secret with the keys of the server. */
  readonly keys: SyncedSecret;
}

/** Arguments of Ory's servers. */
export interface OryServerArgs extends SignInServerArgs {
  readonly chart: PublishedChart;
  readonly database: LeasedDatabaseUser;
}

/** The differences between Ory's servers. */
export interface OryServerKind {
  /** Name of its Services, without the suffixes `-public` and `-admin`. */
  readonly application: string;
  /** Whole paths of the sign-in host that it serves, and the port of its public Service. Default: it serves none. */
  readonly route?: { readonly paths: readonly string[]; readonly port: number };
  /** Values of its chart, given the Secret with its certificate. */
  readonly values: (tlsSecret: string) => object;
  /** Further resources that its pods need. */
  readonly required?: readonly pulumi.Resource[];
}

/** One of Ory's servers: its cluster-internal certificate, its chart, and its route from the ingress if it has one. */
export abstract class OryServer extends BibindComponent {
  /** URL of the server for people and applications. */
  readonly url: pulumi.Output<string>;
  /** Version of the program; unknown until its pods are ready. */
  readonly appVersion: pulumi.Output<string>;

  protected constructor(
    token: ComponentToken,
    name: string,
    args: OryServerArgs,
    { application, route, values, required = [] }: OryServerKind,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super(token, name, opts, args.edgeCertificate, args.identity, args.keys, args.database, ...required);
    const { model, host, clusterIssuer, ingressClass } = args;
    const tls = new Certificate(
      this.child("tls"),
      {
        namespace: model,
        clusterIssuer,
        secretName: `${application}-tls`,
        dnsNames: ["public", "admin"].map((part) => `${application}-${part}.${model}.svc`),
      },
      { parent: this },
    );
    const chart = new HelmChart(
      this.child("chart"),
      { ...args.chart, into: { model }, values: values(tls.secretName) },
      { parent: this, dependsOn: [tls] },
    );
    if (route !== undefined) {
      new Route(
        this.child("route"),
        {
          namespace: model,
          hosts: [{ host, tlsSecret: args.edgeCertificate.secretName }],
          ...route,
          pathType: "Exact",
          service: `${application}-public`,
          ingressClass,
        },
        { parent: this },
      );
    }
    this.url = pulumi.interpolate`https://${host}`;
    this.appVersion = chart.appVersion;
    this.registerOutputs({ url: this.url, appVersion: this.appVersion });
  }
}
