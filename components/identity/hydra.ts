import * as pulumi from "@pulumi/pulumi";
import { containerSecurity } from "../kubernetes/pods.ts";
import { verifiedTls } from "../kubernetes/route.ts";
import { hydra, hydraPorts } from "./endpoints.ts";
import { oryDeployment, oryTls, oryWorkload } from "./ory-chart.ts";
import { OryServer, type OryServerArgs } from "./ory-server.ts";

/** Paths of the sign-in host that Hydra serves: the endpoints that its discovery document names, as far as clients use them. */
export const hydraPaths = [
  "/.well-known/openid-configuration",
  "/.well-known/jwks.json",
  "/oauth2/auth",
  "/oauth2/token",
  "/oauth2/revoke",
  "/oauth2/sessions/logout",
  "/userinfo",
];

/** The Secret of `keys` holds `hydraKeys`, and `dsn` with the URL of the database. */
export type HydraArgs = OryServerArgs;

/** Ory Hydra: the platform's OAuth2 and OpenID Connect server. Its URL is the issuer of its tokens. */
export class Hydra extends OryServer {
  constructor(name: string, args: HydraArgs, opts: pulumi.ComponentResourceOptions) {
    const kind = { application: hydra, route: { paths: hydraPaths, port: hydraPorts.public } };
    super("bibind:identity:Hydra", name, args, { ...kind, values: (tlsSecret) => values(args, tlsSecret) }, opts);
  }
}

const health = { path: "/health/ready", port: hydraPorts.admin };

function values(args: HydraArgs, tlsSecret: string): object {
  const { model, host, replicas, keys } = args;
  return {
    fullnameOverride: hydra,
    replicaCount: replicas,
    maester: { enabled: false },
    secret: { enabled: false, nameOverride: keys.secretName },
    service: { public: { annotations: verifiedTls(model, `${hydra}-public`) } },
    // The chart gives the init container that migrates no other security context, and Pod Security refuses the pod then.
    deployment: {
      ...oryDeployment(oryWorkload(hydra, args, tlsSecret), health),
      initContainerSecurityContext: containerSecurity,
    },
    hydra: {
      automigration: { enabled: true, type: "initContainer" },
      config: pulumi.output(host).apply(configuration),
    },
  };
}

/** Hydra's configuration (Ory Hydra 2.3, "Configuration reference"). Its secrets are environment variables. */
function configuration(host: string): object {
  return {
    log: { format: "json", leak_sensitive_values: false },
    serve: {
      public: { port: hydraPorts.public, tls: { enabled: true, ...oryTls } },
      admin: { port: hydraPorts.admin, tls: { enabled: true, ...oryTls } },
      cookies: { same_site_mode: "Lax" },
    },
    ...protocol(`https://${host}`),
  };
}

/**
 * The rules of OAuth2 and OpenID Connect, and the pages to which Hydra redirects people.
 *
 * @param origin - of the sign-in host, such as `https://auth.bibind.com`
 */
export function protocol(origin: string): object {
  const page = (name: string): string => `${origin}/${name}`;
  return {
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
