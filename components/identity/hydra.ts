import * as pulumi from "@pulumi/pulumi";
import { verifiedTls } from "../kubernetes/route.ts";
import { oryDeployment, oryTls, type OryWorkload } from "./ory-chart.ts";
import { OryServer, type SignInPlace } from "./ory-server.ts";

/** Application, and ports of its two Services (chart hydra). */
export const hydra = "hydra";
export const hydraPorts = { public: 4444, admin: 4445 } as const;

/** What of the sign-in host is Hydra's. */
const hydraPaths = ["/oauth2", "/userinfo", "/.well-known"];

export interface HydraArgs extends SignInPlace, Omit<OryWorkload, "application" | "tlsSecret"> {
  /** Secret with the keys `dsn`, `secretsSystem` and `secretsCookie`. */
  readonly keyringSecret: pulumi.Input<string>;
}

/** URL of Hydra's admin API, which asks for no password: relations say who may reach it. */
export function hydraAdminUrl(model: string): string {
  return `https://${hydra}-admin.${model}.svc:${hydraPorts.admin}`;
}

/** Ory Hydra: the platform's OAuth2 and OpenID Connect server. Its URL is the issuer of its tokens. */
export class Hydra extends OryServer {
  constructor(name: string, args: HydraArgs, opts: pulumi.ComponentResourceOptions) {
    const kind = { application: hydra, paths: hydraPaths, port: hydraPorts.public };
    super("bibind:identity:Hydra", name, args, { ...kind, values: (tlsSecret) => values(args, tlsSecret) }, opts);
  }
}

const health = { path: "/health/ready", port: hydraPorts.admin };

function values(args: HydraArgs, tlsSecret: pulumi.Output<string>): object {
  const { model, host, replicas, keyringSecret } = args;
  return {
    fullnameOverride: hydra,
    replicaCount: replicas,
    maester: { enabled: false },
    secret: { enabled: false, nameOverride: keyringSecret },
    service: { public: { annotations: verifiedTls(model, `${hydra}-public`) } },
    deployment: oryDeployment({ ...args, application: hydra, tlsSecret }, health),
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
