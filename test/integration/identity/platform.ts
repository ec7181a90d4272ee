import { readFile } from "node:fs/promises";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { Agent, fetch } from "undici";
import { eventually } from "../../support/eventually.ts";
import { freePort } from "../toolchain/vault/openbao.ts";
import { startPostgres } from "../toolchain/vault/postgres.ts";
import { selfSigned, startFrontDoor } from "./front-door.ts";
import { startHydra } from "./hydra.ts";
import { startKratos } from "./kratos.ts";
import type { OryServer } from "./ory.ts";
import { main, node, Program } from "./program.ts";

/** Hydra, Kratos and our pages on one origin, as the platform has them. */
export interface Platform {
  readonly publicUrl: string;
  readonly hydra: OryServer;
  readonly kratos: OryServer;
  /** Certificate of the origin, which is its own authority (PEM). */
  readonly authority: string;
  /** What the pages logged so far. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

/** The traits that the platform's identities have. */
const identitySchema = {
  $id: "https://bibind.test/identity.schema.json",
  type: "object",
  properties: {
    traits: {
      type: "object",
      required: ["email"],
      additionalProperties: false,
      properties: {
        email: {
          type: "string",
          format: "email",
          title: "E-Mail",
          "ory.sh/kratos": {
            credentials: { password: { identifier: true } },
            verification: { via: "email" },
            recovery: { via: "email" },
          },
        },
        name: {
          type: "object",
          properties: { first: { type: "string", title: "First name" }, last: { type: "string", title: "Last name" } },
        },
        organisation: { type: "string", title: "Organisation" },
        language: { type: "string", title: "Language", enum: ["fr", "en"] },
      },
    },
  },
};

const kratosConfiguration = (publicUrl: string): object => ({
  selfservice: {
    allowed_return_urls: [`${publicUrl}/`],
    methods: { totp: { enabled: true, config: { issuer: "Bibind" } }, lookup_secret: { enabled: true } },
    flows: {
      registration: { enable_legacy_one_step: true, after: { password: { hooks: [{ hook: "session" }] } } },
      verification: { after: { default_browser_return_url: `${publicUrl}/` } },
    },
  },
  session: { cookie: { persistent: true } },
  oauth2_provider: { override_return_to: true },
});

const hydraConfiguration = (publicUrl: string): object => ({
  urls: { self: { public: publicUrl }, error: `${publicUrl}/error`, post_logout_redirect: `${publicUrl}/login` },
});

export interface PlatformOptions {
  readonly groups: object;
}

export async function startPlatform({ groups }: PlatformOptions): Promise<Platform> {
  const [port, pagesPort] = [await freePort(), await freePort()];
  const publicUrl = `https://127.0.0.1:${port}`;
  const postgres = await startPostgres();
  const hydra = await startHydra({ postgres, issuer: publicUrl, configuration: hydraConfiguration(publicUrl) });
  const kratos = await startKratos({
    postgres,
    publicUrl,
    hydraAdminUrl: hydra.adminUrl,
    identitySchema,
    configuration: kratosConfiguration(publicUrl),
  });
  const program = await Program.prepare("");
  const tls = await selfSigned(program.folder);
  const cookieSecretFile = join(program.folder, "cookie");
  await writeFile(cookieSecretFile, "not-to-be-told-not-to-be-told-32", { mode: 0o600 });
  const config = await program.configuration("serve", {
    publicUrl,
    host: "127.0.0.1",
    port: pagesPort,
    kratos: { publicUrl: kratos.publicUrl, adminUrl: kratos.adminUrl },
    hydra: { adminUrl: hydra.adminUrl },
    tls,
    cookieSecretFile,
    groups,
  });
  const logFile = join(program.folder, "log");
  const running = new AbortController();
  const ended = execa(node, [main, "serve", "--config", config], {
    stdout: { file: logFile },
    stderr: { file: logFile, append: true },
    buffer: false,
    cancelSignal: running.signal,
    forceKillAfterDelay: 5000,
    reject: false,
  });
  const pages = `https://127.0.0.1:${pagesPort}`;
  const door = await startFrontDoor(port, { hydra: hydra.publicUrl, kratos: kratos.publicUrl, pages }, tls);
  const authority = await readFile(tls.certFile, "utf8");
  const dispatcher = new Agent({ connect: { ca: authority } });
  const log = () => readFile(logFile, "utf8");
  await eventually("the pages are served", 30, async () => {
    const answer = await fetch(`${pages}/health/ready`, { dispatcher });
    await answer.body?.cancel();
  }).catch(async (cause: unknown) => {
    throw new Error(`the pages are not served: ${await log()}`, { cause });
  });
  return {
    publicUrl,
    hydra,
    kratos,
    authority,
    log,
    async stop() {
      running.abort();
      await ended;
      await dispatcher.close();
      await door.stop();
      await Promise.all([kratos.stop(), hydra.stop()]);
      await postgres.remove();
      await program.remove();
    },
  };
}
