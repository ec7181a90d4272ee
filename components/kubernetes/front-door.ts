import type * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { BibindComponent } from "../base.ts";
import { physicalName } from "../names.ts";
import { traefikApi } from "./route.ts";

export interface FrontDoorArgs {
  /** Namespace of the ingress controller. */
  readonly namespace: string;
}

const reading = "(Method(`GET`) || Method(`HEAD`))";

/** A public CA proves a name over HTTP (RFC 8555, section 8.3). cert-manager makes an Ingress for each challenge. */
const challenges = "PathPrefix(`/.well-known/acme-challenge/`)";

/** Greater than the length of any rule, which is the priority of a route that has none. */
const priority = 1_000_000;

/** A route of port 80, answered by a middleware. No request reaches the service. */
function route(match: string, middleware: string): object {
  const services = [{ kind: "TraefikService", name: "noop@internal" }];
  return { kind: "Rule", match, priority, middlewares: [{ name: middleware }], services };
}

/**
 * Port 80 of the ingress (Traefik), for every host: it redirects reading requests to TLS, and refuses all others.
 *
 * It comes before the routes of all Ingresses, those of other programs too, and before the dashboard of MicroK8s' addon.
 */
export class FrontDoor extends BibindComponent {
  constructor(name: string, args: FrontDoorArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:kubernetes:FrontDoor", name, opts);
    const [redirect, refusal] = [this.objectName("redirect"), this.objectName("refusal")];
    const { namespace } = args;
    const middlewares = [
      this.object("redirect", "Middleware", namespace, { redirectScheme: { scheme: "https", permanent: true } }),
      // No client has this address.
      this.object("refusal", "Middleware", namespace, { ipAllowList: { sourceRange: ["255.255.255.255/32"] } }),
    ];
    const routes = [route(`${reading} && !${challenges}`, redirect), route(`!${reading}`, refusal)];
    this.object("plain", "IngressRoute", namespace, { entryPoints: ["web"], routes }, middlewares);
    this.registerOutputs({});
  }

  private objectName(suffix: string): string {
    return physicalName("kubernetesObject", this.child(suffix));
  }

  private object(
    suffix: string,
    kind: string,
    namespace: string,
    spec: object,
    required: pulumi.Resource[] = [],
  ): CustomResource {
    const metadata = { name: this.objectName(suffix), namespace };
    return new CustomResource(
      this.child(suffix),
      { apiVersion: traefikApi, kind, metadata, spec },
      { parent: this, dependsOn: required },
    );
  }
}
