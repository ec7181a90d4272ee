import { protocol } from "../../../components/identity/hydra.ts";
import type { TestPostgres } from "../toolchain/vault/postgres.ts";
import { type OryServer, startOry } from "./ory.ts";
import { freePort } from "../../support/free-port.ts";

export interface HydraOptions {
  readonly postgres: TestPostgres;
  /** Issuer and origin of the pages, if a proxy is in front of Hydra. Default: Hydra's own public URL. */
  readonly issuer?: string;
  /** Hydra's configuration keys that override those of the platform. */
  readonly configuration?: object;
}

/**
 * Starts a real Hydra with the rules of the platform, over HTTP on the loopback interface. Its development mode allows a
 * public URL without TLS.
 */
export async function startHydra(options: HydraOptions): Promise<OryServer> {
  const [publicPort, adminPort] = [await freePort(), await freePort()];
  const publicUrl = `http://127.0.0.1:${publicPort}`;
  const issuer = options.issuer ?? publicUrl;
  const loopback = { host: "127.0.0.1", request_log: { disable_for_health: true } };
  const configuration = {
    serve: {
      public: { ...loopback, port: publicPort },
      admin: { ...loopback, port: adminPort },
      cookies: { same_site_mode: "Lax" },
    },
    urls: { self: { public: publicUrl } },
    secrets: { system: ["never-log-this-system"], cookie: ["never-log-this-cookie"] },
  };
  return startOry({
    tool: "hydra",
    postgres: options.postgres,
    serve: ["serve", "all", "--dev", "--sqa-opt-out"],
    migrate: ["migrate", "sql", "up", "--read-from-env", "--yes"],
    publicUrl,
    adminUrl: `http://127.0.0.1:${adminPort}`,
    configurations: [protocol(issuer), configuration, options.configuration ?? {}],
  });
}
