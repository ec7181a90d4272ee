import * as pulumi from "@pulumi/pulumi";
import { Ingress } from "@pulumi/kubernetes/networking/v1/ingress.js";
import { BibindComponent } from "../base.ts";
import { physicalName } from "../names.ts";
import { caSecret } from "./model.ts";
import { answeredBy, refusal, traefikObject } from "./traefik.ts";

/** A host of the ingress. */
export interface RoutedHost {
  /** Full DNS name. */
  readonly host: pulumi.Input<string>;
  /** Secret with its certificate, in the namespace of the Service. */
  readonly tlsSecret: string;
}

export interface RouteArgs {
  /** Namespace of the Service, a model. */
  readonly namespace: string;
  /** Hosts that the Service answers for; at least one. */
  readonly hosts: readonly RoutedHost[];
  /** Paths of each host. Between routes of one host, the longest path that matches wins. */
  readonly paths: readonly string[];
  /** Whether a path is a whole path, or a prefix. Default: `Prefix`. */
  readonly pathType?: "Exact" | "Prefix";
  /** Service that answers, and its TLS port. */
  readonly service: string;
  readonly port: number;
  readonly ingressClass: pulumi.Input<string>;
  /** Headers of a request that the Service never sees. Default: none. */
  readonly removedHeaders?: readonly string[];
  /** Path prefixes that nobody outside of the cluster reaches. Default: none. */
  readonly closedPaths?: readonly string[];
}

/** Browsers reach a host over TLS only, for this time after their last visit: one year, in seconds. */
const strictTransportSeconds = 31_536_000;

/** A client is an address. Many people may share one. */
const oneClient = { sourceCriterion: { ipStrategy: { depth: 0 } } };

/** Requests of one client: per second, the burst above that, and those that wait for their answer at the same time. */
const requestLimits = {
  rate: { rateLimit: { average: 100, burst: 200, ...oneClient } },
  concurrency: { inFlightReq: { amount: 100, ...oneClient } },
};

/**
 * Annotations of a Service: Traefik (the ingress of MicroK8s since 1.35) speaks TLS to it and verifies its certificate.
 * They name the ServersTransport of the Service's `Route`.
 */
export function verifiedTls(model: string, service: string): Record<string, string> {
  return {
    "traefik.ingress.kubernetes.io/service.serversscheme": "https",
    "traefik.ingress.kubernetes.io/service.serverstransport": `${model}-${service}@kubernetescrd`,
  };
}

/** Routes hosts of the ingress, over TLS only and within limits, to a Service that has a cluster-internal certificate. */
export class Route extends BibindComponent {
  constructor(name: string, args: RouteArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:kubernetes:Route", name, opts);
    const { namespace, hosts, service, port, pathType = "Prefix" } = args;
    traefikObject(this, this.child("transport"), {
      kind: "ServersTransport",
      metadata: { name: physicalName("kubernetesObject", service), namespace },
      spec: { serverName: `${service}.${namespace}.svc`, rootCAsSecrets: [caSecret] },
    });
    const middlewares = this.middlewares(name, args);
    const paths = args.paths.map((path) => ({
      path,
      pathType,
      backend: { service: { name: service, port: { number: port } } },
    }));
    new Ingress(
      this.child("ingress"),
      {
        metadata: {
          name: physicalName("kubernetesObject", name),
          namespace,
          annotations: {
            // Without it, Traefik serves an Ingress on port 80 too.
            "traefik.ingress.kubernetes.io/router.entrypoints": "websecure",
            "traefik.ingress.kubernetes.io/router.middlewares": Object.keys(middlewares)
              .map((middleware) => `${namespace}-${middleware}@kubernetescrd`)
              .join(","),
            // MicroK8s' ingress runs on the node's own address and reports no load balancer to wait for.
            "pulumi.com/skipAwait": "true",
          },
        },
        spec: {
          ingressClassName: args.ingressClass,
          tls: hosts.map(({ host, tlsSecret }) => ({ hosts: [host], secretName: tlsSecret })),
          rules: hosts.map(({ host }) => ({ host, http: { paths } })),
        },
      },
      { parent: this, dependsOn: Object.values(middlewares) },
    );
    if (args.closedPaths !== undefined) {
      this.close(args, args.closedPaths);
    }
    this.registerOutputs({});
  }

  /** The middlewares of the route by their names, in the order in which they see a request. */
  private middlewares(route: string, { namespace, removedHeaders = [] }: RouteArgs) {
    const specs = {
      security: {
        headers: {
          stsSeconds: strictTransportSeconds,
          // Traefik removes a header whose value is empty.
          customRequestHeaders: Object.fromEntries(removedHeaders.map((header) => [header, ""])),
        },
      },
      ...requestLimits,
    };
    return Object.fromEntries(
      Object.entries(specs).map(([suffix, spec]) => {
        // The first middleware has the name of the route.
        const name = physicalName("kubernetesObject", suffix === "security" ? route : this.child(suffix));
        const metadata = { name, namespace };
        return [name, traefikObject(this, this.child(suffix), { kind: "Middleware", metadata, spec })];
      }),
    );
  }

  private close({ namespace, hosts }: RouteArgs, closedPaths: readonly string[]): void {
    const named = (suffix: string) => ({ name: physicalName("kubernetesObject", this.child(suffix)), namespace });
    const answer = named("refusal");
    const refuse = { kind: "Middleware", metadata: answer, spec: refusal } as const;
    const middleware = traefikObject(this, this.child("refusal"), refuse);
    const prefixes = closedPaths.map((path) => `PathPrefix(\`${path}\`)`).join(" || ");
    for (const [index, { host, tlsSecret }] of hosts.entries()) {
      const routes = pulumi
        .output(host)
        .apply((full) => [answeredBy(answer.name, `Host(\`${full}\`) && (${prefixes})`)]);
      const spec = { entryPoints: ["websecure"], routes, tls: { secretName: tlsSecret } };
      const route = { kind: "IngressRoute", metadata: named(`closed-${index}`), spec } as const;
      traefikObject(this, this.child(`closed-${index}`), route, [middleware]);
    }
  }
}
