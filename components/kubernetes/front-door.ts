import type * as pulumi from "@pulumi/pulumi";
import type { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { BibindComponent } from "../base.ts";
import { physicalName } from "../names.ts";
import { answeredBy, refusal, traefikObject, type TraefikObject } from "./traefik.ts";

export interface FrontDoorArgs {
  /** Namespace of the ingress controller. */
  readonly namespace: string;
}

const reading = "(Method(`GET`) || Method(`HEAD`))";

/** A public CA proves a name over HTTP (RFC 8555, section 8.3). cert-manager makes an Ingress for each challenge. */
const challenges = "PathPrefix(`/.well-known/acme-challenge/`)";

/** TLS 1.3, and of TLS 1.2 what encrypts with authentication (AEAD) and keeps recorded traffic secret (RFC 9325). */
const modernTls = {
  minVersion: "VersionTLS12",
  cipherSuites: [
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
  ],
};

/**
 * What holds for every host of the ingress (Traefik): its TLS, and its port 80.
 *
 * Port 80 redirects reading requests to TLS, and refuses all others. It comes before the routes of all Ingresses, those of
 * other programs too, and before the dashboard of MicroK8s' addon.
 */
export class FrontDoor extends BibindComponent {
  constructor(name: string, args: FrontDoorArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:kubernetes:FrontDoor", name, opts);
    const { namespace } = args;
    const middlewares = [
      this.object("redirect", "Middleware", namespace, { redirectScheme: { scheme: "https", permanent: true } }),
      this.object("refusal", "Middleware", namespace, refusal),
    ];
    const routes = [
      answeredBy(this.objectName("redirect"), `${reading} && !${challenges}`),
      answeredBy(this.objectName("refusal"), `!${reading}`),
    ];
    this.object("plain", "IngressRoute", namespace, { entryPoints: ["web"], routes }, middlewares);
    // Traefik uses the options of this name where a route names none.
    this.object("tls", "TLSOption", namespace, modernTls, [], "default");
    this.registerOutputs({});
  }

  private objectName(suffix: string): string {
    return physicalName("kubernetesObject", this.child(suffix));
  }

  private object(
    suffix: string,
    kind: TraefikObject["kind"],
    namespace: string,
    spec: TraefikObject["spec"],
    required: pulumi.Resource[] = [],
    name = this.objectName(suffix),
  ): CustomResource {
    return traefikObject(this, this.child(suffix), { kind, metadata: { name, namespace }, spec }, required);
  }
}
