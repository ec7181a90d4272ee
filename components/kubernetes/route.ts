import type * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { Ingress } from "@pulumi/kubernetes/networking/v1/ingress.js";
import { BibindComponent } from "../base.ts";
import { physicalName } from "../names.ts";
import { caSecret } from "./model.ts";

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
}

/** API version of Traefik's own objects (Traefik 3). */
export const traefikApi = "traefik.io/v1alpha1";

/** Browsers reach a host over TLS only, for this time after their last visit: one year, in seconds. */
const strictTransportSeconds = 31_536_000;

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

/** Routes hosts of the ingress, over TLS only, to a Service that has a cluster-internal certificate. */
export class Route extends BibindComponent {
  constructor(name: string, args: RouteArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:kubernetes:Route", name, opts);
    const { namespace, hosts, service, port, pathType = "Prefix" } = args;
    new CustomResource(
      this.child("transport"),
      {
        apiVersion: traefikApi,
        kind: "ServersTransport",
        metadata: { name: physicalName("kubernetesObject", service), namespace },
        spec: { serverName: `${service}.${namespace}.svc`, rootCAsSecrets: [caSecret] },
      },
      { parent: this },
    );
    const metadata = { name: physicalName("kubernetesObject", name), namespace };
    const security = new CustomResource(
      this.child("security"),
      {
        apiVersion: traefikApi,
        kind: "Middleware",
        metadata,
        spec: { headers: { stsSeconds: strictTransportSeconds } },
      },
      { parent: this },
    );
    const paths = args.paths.map((path) => ({
      path,
      pathType,
      backend: { service: { name: service, port: { number: port } } },
    }));
    new Ingress(
      this.child("ingress"),
      {
        metadata: {
          ...metadata,
          annotations: {
            // Without it, Traefik serves an Ingress on port 80 too.
            "traefik.ingress.kubernetes.io/router.entrypoints": "websecure",
            "traefik.ingress.kubernetes.io/router.middlewares": `${namespace}-${metadata.name}@kubernetescrd`,
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
      { parent: this, dependsOn: [security] },
    );
    this.registerOutputs({});
  }
}
