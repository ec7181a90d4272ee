import type * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import type { BibindComponent } from "../base.ts";

/** API version of Traefik's own objects (Traefik 3). */
const apiVersion = "traefik.io/v1alpha1";

/** An object of Traefik. */
export interface TraefikObject {
  readonly kind: "IngressRoute" | "Middleware" | "ServersTransport" | "TLSOption";
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: pulumi.Inputs;
}

/** Makes an object of Traefik as a child of a component. @param name - logical name of the child */
export function traefikObject(
  parent: BibindComponent,
  name: string,
  { kind, metadata, spec }: TraefikObject,
  dependsOn: pulumi.Resource[] = [],
): CustomResource {
  return new CustomResource(name, { apiVersion, kind, metadata, spec }, { parent, dependsOn });
}

/** No client has this address, so the middleware refuses every request. */
export const refusal = { ipAllowList: { sourceRange: ["255.255.255.255/32"] } };

/** Greater than the length of any rule, which is the priority of a route that has none. */
const firstPriority = 1_000_000;

/** A route that a middleware answers. No request reaches a Service. */
export function answeredBy(middleware: string, match: string): object {
  const services = [{ kind: "TraefikService", name: "noop@internal" }];
  return { kind: "Rule", match, priority: firstPriority, middlewares: [{ name: middleware }], services };
}
