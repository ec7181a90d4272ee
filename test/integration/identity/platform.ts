import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { Agent, fetch } from "undici";
import { identitySchema, identitySchemaId } from "../../../components/identity/identity-schema.ts";
import { signInRules } from "../../../components/identity/kratos.ts";
import { mailTemplates } from "../../../components/identity/mail-templates.ts";
import { eventually } from "../../support/eventually.ts";
import { startPostgres } from "../toolchain/vault/postgres.ts";
import { Cleanup } from "./cleanup.ts";
import { selfSigned, startReverseProxy } from "./reverse-proxy.ts";
import { startHydra } from "./hydra.ts";
import { inlineSchema, startKratos } from "./kratos.ts";
import { startMail } from "./mail.ts";
import type { OryServer } from "./ory.ts";
import { main, node, Program } from "./program.ts";
import { freePort } from "../../support/free-port.ts";

/** Hydra, Kratos and the sign-in pages on one origin, as on the platform. */
export interface Platform {
  readonly publicUrl: string;
  readonly hydra: OryServer;
  readonly kratos: OryServer;
  /** Self-signed certificate of the origin (PEM). */
  readonly caCertificate: string;
  /** URL of the mail catcher that gets the mail of the pages; Kratos keeps its own. */
  readonly mailUrl: string;
  /** The log of the pages until now. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

/** Kratos' configuration on the platform, as far as the pages depend on it. */
const kratosConfiguration = (publicUrl: string, bcryptCost: number): object => ({
  ...signInRules({ origin: publicUrl, domain: "bibind.test", returnHosts: ["odoo.bibind.test"] }),
  courier: { templates: mailTemplates },
  hashers: { algorithm: "bcrypt", bcrypt: { cost: bcryptCost } },
  identity: {
    default_schema_id: identitySchemaId,
    schemas: [{ id: identitySchemaId, url: inlineSchema(identitySchema) }],
  },
  oauth2_provider: { override_return_to: true },
});

export interface PlatformOptions {
  /** `groups` of the pages' configuration. */
  readonly groups: object;
  /** Cost of a password. Default: 4, which keeps the tests fast; the platform has 12. */
  readonly bcryptCost?: number;
  /** Roles that need a second factor. Default: none. */
  readonly secondFactor?: readonly string[];
}

/** Starts the pages and waits until they answer. @returns a function that reads their log */
async function startPages(
  program: Program,
  config: string,
  url: string,
  cleanup: Cleanup,
): Promise<() => Promise<string>> {
  const logFile = join(program.folder, "log");
  const log = () => readFile(logFile, "utf8");
  const running = new AbortController();
  const ended = execa(node, [main, "serve", "--config", config], {
    stdout: { file: logFile },
    stderr: { file: logFile, append: true },
    buffer: false,
    cancelSignal: running.signal,
    forceKillAfterDelay: 5000,
    reject: false,
  });
  cleanup.add(running, () => {
    running.abort();
    return ended;
  });
  const ca = await readFile(join(program.folder, "tls.crt"), "utf8");
  const dispatcher = cleanup.add(new Agent({ connect: { ca } }), (agent) => agent.close());
  await eventually("the pages answer", 30, async () => {
    const answer = await fetch(`${url}/health/ready`, { dispatcher });
    await answer.body?.cancel();
  }).catch(async (cause: unknown) => {
    throw new Error(`the pages do not answer: ${await log()}`, { cause });
  });
  return log;
}

async function start(
  { groups, secondFactor = [], bcryptCost = 4 }: PlatformOptions,
  cleanup: Cleanup,
): Promise<Platform> {
  const program = cleanup.add(await Program.prepare(""), (each) => each.remove());
  const tls = await selfSigned(program.folder);
  const proxy = cleanup.add(await startReverseProxy(tls), (each) => each.stop());
  const publicUrl = proxy.url;
  const postgres = cleanup.add(await startPostgres(), (each) => each.remove());
  const configuration = { urls: { self: { public: publicUrl } } };
  const hydra = cleanup.add(await startHydra({ postgres, issuer: publicUrl, configuration }), (each) => each.stop());
  const kratosOptions = { publicUrl, configuration: kratosConfiguration(publicUrl, bcryptCost) };
  const kratos = cleanup.add(await startKratos({ postgres, hydraAdminUrl: hydra.adminUrl, ...kratosOptions }), (each) =>
    each.stop(),
  );
  const mail = cleanup.add(await startMail(), (each) => each.stop());
  const cookieSecretFile = join(program.folder, "cookie");
  await writeFile(cookieSecretFile, "never-log-this-never-log-this-32", { mode: 0o600 });
  const connectionFile = join(program.folder, "smtp");
  await writeFile(connectionFile, mail.smtpUri, { mode: 0o600 });
  const port = await freePort();
  const config = await program.configuration("serve", {
    publicUrl,
    host: "127.0.0.1",
    port,
    kratos: { publicUrl: kratos.publicUrl, adminUrl: kratos.adminUrl, schema: identitySchemaId },
    hydra: { adminUrl: hydra.adminUrl },
    tls,
    cookieSecretFile,
    mail: { connectionFile, from: { address: "no-reply@bibind.test", name: "Bibind" } },
    groups,
    secondFactor,
  });
  const pages = `https://127.0.0.1:${port}`;
  const log = await startPages(program, config, pages, cleanup);
  proxy.forwardTo({ hydra: hydra.publicUrl, pages });
  const caCertificate = await readFile(tls.certFile, "utf8");
  return { publicUrl, hydra, kratos, caCertificate, mailUrl: mail.url, log, stop: () => cleanup.run() };
}

/** Starts all servers. If one does not start, the others are stopped. */
export function startPlatform(options: PlatformOptions): Promise<Platform> {
  return Cleanup.start((cleanup) => start(options, cleanup));
}
