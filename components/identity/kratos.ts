import * as pulumi from "@pulumi/pulumi";
import { verifiedTls } from "../kubernetes/route.ts";
import { hydraAdminUrl } from "./hydra.ts";
import { identitySchema } from "./identity-schema.ts";
import { oryDeployment, oryStatefulSet, oryTls, secretVariable, type OryWorkload } from "./ory-chart.ts";
import { OryServer, type SignInPlace } from "./ory-server.ts";

/** Application, and ports of its pods; the Services of the chart answer on port 80, TLS all the same. */
export const kratos = "kratos";
export const kratosPorts = { public: 4433, admin: 4434 } as const;
const servicePort = 80;

/** What of the sign-in host is Kratos'. */
const kratosPaths = ["/self-service", "/sessions", "/schemas"];

const schemaFile = "person.json";

export interface KratosArgs extends SignInPlace, Omit<OryWorkload, "application" | "tlsSecret"> {
  /** Domain whose every host may be returned to after a sign-in, and that the session's cookie is good for. */
  readonly domain: pulumi.Input<string>;
  /** Secret with the keys `dsn`, `secretsDefault`, `secretsCookie` and `secretsCipher`. */
  readonly keyringSecret: pulumi.Input<string>;
  /** Secret whose key `connection` is the URL of the SMTP server. */
  readonly mailSecret: pulumi.Input<string>;
  /** Sender of the platform's mail. */
  readonly mailFrom: { readonly address: string; readonly name: string };
}

/** URLs of Kratos for pods; the admin API asks for no password: relations say who may reach it. */
export function kratosUrls(model: string): { readonly public: string; readonly admin: string } {
  const url = (part: string): string => `https://${kratos}-${part}.${model}.svc:${servicePort}`;
  return { public: url("public"), admin: url("admin") };
}

/** Ory Kratos: who people are, and how they sign in, recover and leave. Its URL is that of the public API. */
export class Kratos extends OryServer {
  constructor(name: string, args: KratosArgs, opts: pulumi.ComponentResourceOptions) {
    const kind = { application: kratos, paths: kratosPaths, port: servicePort };
    super("bibind:identity:Kratos", name, args, { ...kind, values: (tlsSecret) => values(args, tlsSecret) }, opts);
  }
}

const health = { path: "/admin/health/ready", port: kratosPorts.admin };

function values(args: KratosArgs, tlsSecret: pulumi.Output<string>): object {
  const { model, replicas, keyringSecret } = args;
  const mail = secretVariable("COURIER_SMTP_CONNECTION_URI", args.mailSecret, "connection");
  const workload = { ...args, application: kratos, tlsSecret };
  return {
    fullnameOverride: kratos,
    replicaCount: replicas,
    secret: { enabled: false, nameOverride: keyringSecret },
    service: { public: { annotations: verifiedTls(model, `${kratos}-public`) } },
    deployment: oryDeployment(workload, health, [mail]),
    statefulSet: oryStatefulSet(workload, [mail]),
    courier: { enabled: true },
    kratos: {
      automigration: { enabled: true, type: "initContainer" },
      identitySchemas: { [schemaFile]: JSON.stringify(identitySchema) },
      config: pulumi.all([args.host, args.domain]).apply(([host, domain]) => configuration(args, host, domain)),
    },
  };
}

/** Kratos' configuration (Ory Kratos 1.3, "Configuration reference"); its secrets come as environment variables. */
function configuration({ model, mailFrom }: KratosArgs, host: string, domain: string): object {
  const origin = `https://${host}`;
  const page = (name: string): { readonly ui_url: string } => ({ ui_url: `${origin}/${name}` });
  return {
    log: { format: "json", leak_sensitive_values: false },
    serve: {
      public: { base_url: `${origin}/`, port: kratosPorts.public, tls: oryTls },
      admin: { port: kratosPorts.admin, tls: oryTls },
    },
    ciphers: { algorithm: "xchacha20-poly1305" },
    hashers: { algorithm: "bcrypt", bcrypt: { cost: 12 } },
    identity: { default_schema_id: "person", schemas: [{ id: "person", url: `file:///etc/config/${schemaFile}` }] },
    courier: { smtp: { from_address: mailFrom.address, from_name: mailFrom.name } },
    session: { lifespan: "24h", cookie: { domain: host, same_site: "Lax" } },
    // Who recovers a password on the way to an application is sent back there.
    oauth2_provider: { url: hydraAdminUrl(model), override_return_to: true },
    selfservice: {
      default_browser_return_url: `${origin}/`,
      allowed_return_urls: [`${origin}/`, `https://*.${domain}/`],
      methods: {
        password: { enabled: true, config: { haveibeenpwned_enabled: false, min_password_length: 12 } },
        code: { enabled: true },
        link: { enabled: false },
        totp: { enabled: true, config: { issuer: domain } },
        lookup_secret: { enabled: true },
      },
      flows: {
        error: page("error"),
        login: { ...page("login"), lifespan: "30m" },
        logout: { after: { default_browser_return_url: `${origin}/login` } },
        recovery: { ...page("recovery"), enabled: true, use: "code" },
        registration: {
          ...page("registration"),
          enabled: true,
          after: { password: { hooks: [{ hook: "session" }, { hook: "show_verification_ui" }] } },
        },
        settings: { ...page("settings"), privileged_session_max_age: "15m" },
        verification: { ...page("verification"), enabled: true, use: "code" },
      },
    },
  };
}
