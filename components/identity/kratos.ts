import * as pulumi from "@pulumi/pulumi";
import type { SyncedSecret } from "../access/synced-secret.ts";
import { hydraAdminUrl, kratos, kratosPorts, kratosUrls } from "./endpoints.ts";
import { identitySchema, identitySchemaId } from "./identity-schema.ts";
import { mailTemplates } from "./mail-templates.ts";
import { oryDeployment, oryStatefulSet, oryTls, oryWorkload, secretVariable } from "./ory-chart.ts";
import { OryServer, type OryServerArgs } from "./ory-server.ts";

const schemaFile = `${identitySchemaId}.json`;

/** The Secret of `keys` holds `kratosKeys`, and `dsn` with the URL of the database. */
export interface KratosArgs extends OryServerArgs {
  /** Name of the platform in authenticator apps, such as bibind.com. */
  readonly domain: pulumi.Input<string>;
  /** DNS names to which a sign-in may return besides the sign-in host. */
  readonly returnHosts: readonly pulumi.Input<string>[];
  /** Secret whose key `connection` is the URL of the SMTP server. */
  readonly mail: SyncedSecret;
  /** Sender of the platform's mail. */
  readonly mailFrom: { readonly address: string; readonly name: string };
}

/**
 * Ory Kratos: identities of people, and how they sign in, recover and sign out. The front door does not lead to it: the pages
 * hand it the forms of browsers. Its URL is that of the pages.
 */
export class Kratos extends OryServer {
  constructor(name: string, args: KratosArgs, opts: pulumi.ComponentResourceOptions) {
    const kind = { application: kratos, required: [args.mail] };
    super("bibind:identity:Kratos", name, args, { ...kind, values: (tlsSecret) => values(args, tlsSecret) }, opts);
  }
}

const health = { path: "/admin/health/ready", port: kratosPorts.admin };

function values(args: KratosArgs, tlsSecret: string): object {
  const { replicas, keys } = args;
  const mail = secretVariable("COURIER_SMTP_CONNECTION_URI", args.mail.secretName, "connection");
  const workload = oryWorkload(kratos, args, tlsSecret);
  return {
    fullnameOverride: kratos,
    replicaCount: replicas,
    secret: { enabled: false, nameOverride: keys.secretName },
    deployment: oryDeployment(workload, health, [mail]),
    statefulSet: oryStatefulSet(workload, [mail]),
    courier: { enabled: true },
    kratos: {
      automigration: { enabled: true, type: "initContainer" },
      identitySchemas: { [schemaFile]: JSON.stringify(identitySchema) },
      config: pulumi
        .all([args.host, args.domain, args.returnHosts])
        .apply(([host, domain, returnHosts]) =>
          configuration(args, { origin: `https://${host}`, domain, returnHosts }),
        ),
    },
  };
}

/** Kratos' configuration (Ory Kratos 1.3, "Configuration reference"). Its secrets are environment variables. */
function configuration({ model, mailFrom }: KratosArgs, site: SignInSite): object {
  return {
    log: { format: "json", leak_sensitive_values: false },
    serve: {
      public: { base_url: `${site.origin}/`, port: kratosPorts.public, tls: oryTls },
      // Kratos redirects requests for its admin API there. By default, it names its pod.
      admin: { base_url: `${kratosUrls(model).admin}/`, port: kratosPorts.admin, tls: oryTls },
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
    // A person who recovers a password during a sign-in to an application returns to that application.
    oauth2_provider: { url: hydraAdminUrl(model), override_return_to: true },
    ...signInRules(site),
  };
}

/** Whoever took an account over loses it: every session of the person ends, except the one that acts. */
const endOtherSessions = { hooks: [{ hook: "revoke_active_sessions" }] };

/** Where people sign in, and where they go from there. */
export interface SignInSite {
  /** Of the sign-in host, such as `https://auth.bibind.com`. */
  readonly origin: string;
  /** Name of the platform in authenticator apps. */
  readonly domain: string;
  /** DNS names to which a sign-in may return besides the sign-in host. */
  readonly returnHosts: readonly string[];
}

/** The sessions of people, their flows, and how they prove who they are. */
export function signInRules(site: SignInSite): object {
  return {
    // The cookie names no domain, so that browsers send it to the sign-in host alone.
    session: { lifespan: "24h", cookie: { same_site: "Lax" }, whoami: { required_aal: "highest_available" } },
    selfservice: selfservice(site),
  };
}

function selfservice({ origin, domain, returnHosts }: SignInSite): object {
  const page = (name: string): { readonly ui_url: string } => ({ ui_url: `${origin}/${name}` });
  return {
    default_browser_return_url: `${origin}/`,
    allowed_return_urls: [`${origin}/`, ...returnHosts.map((host) => `https://${host}/`)],
    methods: {
      password: { enabled: true, config: { haveibeenpwned_enabled: false, min_password_length: 12 } },
      code: { enabled: true },
      link: { enabled: false },
      // It would let a person enter an address that another person owns. The pages /profile and /address take its place.
      profile: { enabled: false },
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
        required_aal: "highest_available",
        after: { password: endOtherSessions, totp: endOtherSessions, lookup_secret: endOtherSessions },
      },
      // Anybody who opens its link or its form verifies an address. Only the code of a recovery proves who reads the mail.
      verification: { enabled: false },
    },
  };
}
