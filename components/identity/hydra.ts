import * as pulumi from "@pulumi/pulumi";
import { Certificate } from "../access/certificate.ts";
import { BibindComponent } from "../base.ts";
import { HelmChart, type PublishedChart } from "../kubernetes/helm-chart.ts";
import { Route, verifiedTls } from "../kubernetes/route.ts";
import { oryDeployment, oryTls, type OryWorkload } from "./ory-chart.ts";

/** Application, and ports of its two Services (chart hydra). */
export const hydra = "hydra";
export const hydraPorts = { public: 4444, admin: 4445 } as const;

/** What of the sign-in host is Hydra's. */
const hydraPaths = ["/oauth2", "/userinfo", "/.well-known"];

/** What the sign-in server needs of the place that it runs in. */
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

export interface HydraArgs extends SignInPlace, Omit<OryWorkload, "application" | "tlsSecret"> {
  /** Secret with the keys `dsn`, `secretsSystem` and `secretsCookie`. */
  readonly keyringSecret: pulumi.Input<string>;
}

/** URL of Hydra's admin API, which asks for no password: relations say who may reach it. */
export function hydraAdminUrl(model: string): string {
  return `https://${hydra}-admin.${model}.svc:${hydraPorts.admin}`;
}

/** Ory Hydra: the platform's OAuth2 and OpenID Connect server. */
export class Hydra extends BibindComponent {
  /** Issuer of its tokens, known once it answers. */
  readonly issuer: pulumi.Output<string>;
  readonly appVersion: pulumi.Output<string>;

  constructor(name: string, args: HydraArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:identity:Hydra", name, opts);
    const { namespace, host, clusterIssuer } = args;
    const tls = new Certificate(
      this.child("tls"),
      {
        namespace,
        clusterIssuer,
        secretName: `${hydra}-tls`,
        dnsNames: ["public", "admin"].map((part) => pulumi.interpolate`${hydra}-${part}.${namespace}.svc`),
      },
      { parent: this },
    );
    const chart = new HelmChart(
      this.child("chart"),
      { ...args.chart, into: { model: namespace }, values: values(args, tls) },
      { parent: this },
    );
    new Route(
      this.child("route"),
      {
        namespace,
        host,
        paths: hydraPaths,
        service: `${hydra}-public`,
        port: hydraPorts.public,
        ingressClass: args.ingressClass,
        tlsSecret: args.hostTlsSecret,
      },
      { parent: this },
    );
    this.issuer = pulumi.all([host, chart.release.id]).apply(([host]) => `https://${host}`);
    this.appVersion = chart.appVersion;
    this.registerOutputs({ issuer: this.issuer, appVersion: this.appVersion });
  }
}

const health = { path: "/health/ready", port: hydraPorts.admin };

function values(args: HydraArgs, tls: Certificate): object {
  const { model, host, replicas, keyringSecret } = args;
  return {
    fullnameOverride: hydra,
    replicaCount: replicas,
    maester: { enabled: false },
    secret: { enabled: false, nameOverride: keyringSecret },
    service: { public: { annotations: verifiedTls(model, `${hydra}-public`) } },
    deployment: oryDeployment({ ...args, application: hydra, tlsSecret: tls.secretName }, health),
    hydra: {
      automigration: { enabled: true, type: "initContainer" },
      config: pulumi.output(host).apply(configuration),
    },
  };
}

/** Hydra's configuration (Ory Hydra 2.3, "Configuration reference"); its secrets come as environment variables. */
function configuration(host: string): object {
  const origin = `https://${host}`;
  const page = (name: string): string => `${origin}/${name}`;
  return {
    log: { format: "json", leak_sensitive_values: false },
    serve: {
      public: { port: hydraPorts.public, tls: { enabled: true, ...oryTls } },
      admin: { port: hydraPorts.admin, tls: { enabled: true, ...oryTls } },
      cookies: { same_site_mode: "Lax" },
    },
    urls: {
      self: { issuer: origin },
      login: page("login"),
      registration: page("registration"),
      consent: page("consent"),
      logout: page("logout"),
      error: page("error"),
      post_logout_redirect: page(""),
    },
    strategies: { access_token: "opaque", scope: "exact" },
    oauth2: {
      expose_internal_errors: false,
      pkce: { enforced_for_public_clients: true },
      session: { encrypt_at_rest: true },
    },
    oidc: { dynamic_client_registration: { enabled: false } },
    ttl: { access_token: "1h", id_token: "1h", refresh_token: "720h", login_consent_request: "30m" },
  };
}
