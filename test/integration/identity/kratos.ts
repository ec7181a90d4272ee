import type { TestPostgres } from "../toolchain/vault/postgres.ts";
import { type OryServer, startOry } from "./ory.ts";
import { freePort } from "../../support/free-port.ts";

export interface KratosOptions {
  readonly postgres: TestPostgres;
  /** Public URL, if a proxy is in front of Kratos. Default: Kratos' own. */
  readonly publicUrl?: string;
  /** Origin of the pages /login, /registration, /recovery, /verification, /settings and /error. Default: the public URL. */
  readonly pagesUrl?: string;
  /** URL of Hydra's admin API, which Kratos uses to accept login challenges. */
  readonly hydraAdminUrl?: string;
  /** SMTP server, such as `smtp://127.0.0.1:1025/?disable_starttls=true`. Default: an address without a server. */
  readonly smtpUri?: string;
  /** Whether the same process sends the mail. On the platform, another one does. Default: true. */
  readonly sendsMail?: boolean;
  /** Kratos' configuration keys that override the default ones. */
  readonly configuration?: object;
}

const emailIdentity = {
  $id: "https://bibind.test/identity.schema.json",
  type: "object",
  properties: {
    traits: {
      type: "object",
      required: ["email"],
      additionalProperties: true,
      properties: {
        email: {
          type: "string",
          format: "email",
          "ory.sh/kratos": {
            credentials: { password: { identifier: true } },
            verification: { via: "email" },
            recovery: { via: "email" },
          },
        },
      },
    },
  },
};

function flows(pages: string): object {
  return {
    error: { ui_url: `${pages}/error` },
    login: { ui_url: `${pages}/login` },
    registration: {
      ui_url: `${pages}/registration`,
      after: { password: { hooks: [{ hook: "session" }] } },
    },
    recovery: { enabled: true, use: "code", ui_url: `${pages}/recovery` },
    verification: { enabled: true, use: "code", ui_url: `${pages}/verification` },
    settings: { ui_url: `${pages}/settings` },
    logout: { after: { default_browser_return_url: `${pages}/login` } },
  };
}

/** The URL of a schema inside the configuration. */
export function inlineSchema(schema: object): string {
  return `base64://${Buffer.from(JSON.stringify(schema)).toString("base64")}`;
}

/** Starts a real Kratos over HTTP on the loopback interface. */
export async function startKratos(options: KratosOptions): Promise<OryServer> {
  const [publicPort, adminPort] = [await freePort(), await freePort()];
  const ownUrl = `http://127.0.0.1:${publicPort}`;
  const adminUrl = `http://127.0.0.1:${adminPort}`;
  const publicUrl = options.publicUrl ?? ownUrl;
  const pages = options.pagesUrl ?? publicUrl;
  const { hydraAdminUrl } = options;
  const configuration = {
    serve: {
      public: { host: "127.0.0.1", port: publicPort, base_url: `${publicUrl}/` },
      admin: { host: "127.0.0.1", port: adminPort, base_url: `${adminUrl}/` },
    },
    identity: {
      default_schema_id: "default",
      schemas: [{ id: "default", url: inlineSchema(emailIdentity) }],
    },
    selfservice: {
      default_browser_return_url: `${pages}/`,
      methods: { password: { enabled: true, config: { haveibeenpwned_enabled: false } }, code: { enabled: true } },
      flows: flows(pages),
    },
    // A low cost keeps the tests fast.
    hashers: { algorithm: "bcrypt", bcrypt: { cost: 4 } },
    secrets: { cookie: ["never-log-this-cookie"], cipher: ["never-log-this-32-characters-key"] },
    ciphers: { algorithm: "xchacha20-poly1305" },
    courier: { smtp: { connection_uri: options.smtpUri ?? "smtp://127.0.0.1:9/?disable_starttls=true" } },
    ...(hydraAdminUrl === undefined ? {} : { oauth2_provider: { url: hydraAdminUrl } }),
  };
  return startOry({
    tool: "kratos",
    postgres: options.postgres,
    serve: ["serve", "--dev", "--sqa-opt-out", ...(options.sendsMail === false ? [] : ["--watch-courier"])],
    migrate: ["migrate", "sql", "--read-from-env", "--yes"],
    publicUrl: ownUrl,
    adminUrl,
    configurations: [configuration, options.configuration ?? {}],
  });
}
