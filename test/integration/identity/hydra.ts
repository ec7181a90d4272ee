import type { TestPostgres } from "../toolchain/vault/postgres.ts";
import { type OryServer, startOry } from "./ory.ts";
import { freePort } from "../../support/free-port.ts";

export interface HydraOptions {
  readonly postgres: TestPostgres;
  /** Issuer, if a proxy is in front of Hydra. Default: Hydra's own public URL. */
  readonly issuer?: string;
  /** Origin of the pages /login, /consent and /logout. Default: the issuer. */
  readonly pagesUrl?: string;
  /** Hydra's configuration keys that override the default ones. */
  readonly configuration?: object;
}

/** Starts a real Hydra over HTTP on the loopback interface. Its development mode allows a public URL without TLS. */
export async function startHydra(options: HydraOptions): Promise<OryServer> {
  const [publicPort, adminPort] = [await freePort(), await freePort()];
  const publicUrl = `http://127.0.0.1:${publicPort}`;
  const issuer = options.issuer ?? publicUrl;
  const pages = options.pagesUrl ?? issuer;
  const loopback = { host: "127.0.0.1", request_log: { disable_for_health: true } };
  const configuration = {
    serve: {
      public: { ...loopback, port: publicPort },
      admin: { ...loopback, port: adminPort },
      cookies: { same_site_mode: "Lax" },
    },
    urls: {
      self: { issuer, public: publicUrl },
      login: `${pages}/login`,
      consent: `${pages}/consent`,
      logout: `${pages}/logout`,
    },
    secrets: { system: ["never-log-this-system"], cookie: ["never-log-this-cookie"] },
  };
  return startOry({
    tool: "hydra",
    postgres: options.postgres,
    serve: ["serve", "all", "--dev", "--sqa-opt-out"],
    migrate: ["migrate", "sql", "up", "--read-from-env", "--yes"],
    publicUrl,
    adminUrl: `http://127.0.0.1:${adminPort}`,
    configurations: [configuration, options.configuration ?? {}],
  });
}
