import * as pulumi from "@pulumi/pulumi";
import type { SyncedSecret } from "../access/synced-secret.ts";
import { verifiedTls } from "../kubernetes/route.ts";
import { hydraAdminUrl, kratos, kratosPorts, kratosServicePort } from "./endpoints.ts";
import { identitySchema, identitySchemaId } from "./identity-schema.ts";
import { mailTemplates } from "./mail-templates.ts";
import { oryDeployment, oryStatefulSet, oryTls, oryWorkload, secretVariable } from "./ory-chart.ts";
import { OryServer, type OryServerArgs } from "./ory-server.ts";

/** Paths of the sign-in host that Kratos serves. */
const kratosPaths = ["/self-service", "/sessions", "/schemas"];

const schemaFile = `${identitySchemaId}.json`;

/** The Secret of `keys` holds `kratosKeys`, and `dsn` with the URL of the database. */
export interface KratosArgs extends OryServerArgs {
  /** Domain of the session's cookie. A sign-in may return to every host of the domain. */
  readonly domain: pulumi.Input<string>;
  /** Secret whose key `connection` is the URL of the SMTP server. */
  readonly mail: SyncedSecret;
  /** Sender of the platform's mail. */
  readonly mailFrom: { readonly address: string; readonly name: string };
}

/** Ory Kratos: identities of people, and how they sign in, recover and sign out. Its URL is that of the public API. */
export class Kratos extends OryServer {
  constructor(name: string, args: KratosArgs, opts: pulumi.ComponentResourceOptions) {
    const kind = { application: kratos, paths: kratosPaths, port: kratosServicePort, required: [args.mail] };
    super("bibind:identity:Kratos", name, args, { ...kind, values: (tlsSecret) => values(args, tlsSecret) }, opts);
  }
}

const health = { path: "/admin/health/ready", port: kratosPorts.admin };

function values(args: KratosArgs, tlsSecret: string): object {
  const { model, replicas, keys } = args;
  const mail = secretVariable("COURIER_SMTP_CONNECTION_URI", args.mail.secretName, "connection");
  const workload = oryWorkload(kratos, args, tlsSecret);
  return {
    fullnameOverride: kratos,
    replicaCount: replicas,
    secret: { enabled: false, nameOverride: keys.secretName },
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

/** Kratos' configuration (Ory Kratos 1.3, "Configuration reference"). Its secrets are environment variables. */
function configuration({ model, mailFrom }: KratosArgs, host: string, domain: string): object {
  const origin = `https://${host}`;
  return {
    log: { format: "json", leak_sensitive_values: false },
    serve: {
      public: { base_url: `${origin}/`, port: kratosPorts.public, tls: oryTls },
      admin: { port: kratosPorts.admin, tls: oryTls },
    },
    ciphers: { algorithm: "xchacha20-poly1305" },
    hashers: { algorithm: "bcrypt", bcrypt: { cost: 12 } },
    identity: {
      default_schema_id: identitySchemaId,
      schemas: [{ id: identitySchemaId, url: `file:///etc/config/${schemaFile}` }],
    },
    courier: {
      smtp: { from_address: mailFrom.address, from_name: mailFrom.name },
      templates: mailTemplates,
    },
    session: { lifespan: "24h", cookie: { domain: host, same_site: "Lax" } },
    // A person who recovers a password during a sign-in to an application returns to that application.
    oauth2_provider: { url: hydraAdminUrl(model), override_return_to: true },
    selfservice: selfservice(origin, domain),
  };
}

/** Whoever took an account over loses it: every session of the person ends, except the one that acts. */
const endOtherSessions = { hooks: [{ hook: "revoke_active_sessions" }] };

/**
 * The flows of people, and how they prove who they are.
 *
 * @param origin - of the sign-in host, such as `https://auth.bibind.com`
 */
export function selfservice(origin: string, domain: string): object {
  const page = (name: string): { readonly ui_url: string } => ({ ui_url: `${origin}/${name}` });
  return {
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
      recovery: { ...page("recovery"), enabled: true, use: "code", after: endOtherSessions },
      // It would say who has an account. The pages register people by a recovery (services/identity, /registration).
      registration: { ...page("registration"), enabled: false },
      settings: {
        ...page("settings"),
        privileged_session_max_age: "15m",
        after: { password: endOtherSessions, totp: endOtherSessions, lookup_secret: endOtherSessions },
      },
      verification: { ...page("verification"), enabled: true, use: "code" },
    },
  };
}
