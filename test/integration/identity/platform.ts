import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { Agent, fetch } from "undici";
import { identitySchema } from "../../../components/identity/identity-schema.ts";
import { eventually } from "../../support/eventually.ts";
import { startPostgres } from "../toolchain/vault/postgres.ts";
import { selfSigned, startFrontDoor } from "./front-door.ts";
import { startHydra } from "./hydra.ts";
import { startKratos } from "./kratos.ts";
import type { OryServer } from "./ory.ts";
import { main, node, Program } from "./program.ts";
import { freePort } from "../../support/free-port.ts";

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

/** Kratos set as the platform sets it, in what its pages depend on. */
const kratosConfiguration = (publicUrl: string): object => ({
  selfservice: {
    allowed_return_urls: [`${publicUrl}/`],
    methods: {
      password: { config: { min_password_length: 12 } },
      totp: { enabled: true, config: { issuer: "Bibind" } },
      lookup_secret: { enabled: true },
    },
    flows: {
      registration: { after: { password: { hooks: [{ hook: "session" }, { hook: "show_verification_ui" }] } } },
    },
  },
  oauth2_provider: { override_return_to: true },
});

const hydraConfiguration = (publicUrl: string): object => ({
  urls: { self: { public: publicUrl }, error: `${publicUrl}/error`, post_logout_redirect: `${publicUrl}/login` },
});

export interface PlatformOptions {
  /** Who has which role, as the pages' configuration says it. */
  readonly groups: object;
}

/** What was started, to be ended in the other order. */
class Endings {
  readonly #ends: (() => Promise<unknown>)[] = [];

  /** Remembers how to end what was just started. */
  add<T>(started: T, end: (started: T) => Promise<unknown>): T {
    this.#ends.push(() => end(started));
    return started;
  }

  async end(): Promise<void> {
    for (const end of this.#ends.reverse()) {
      await end();
    }
  }
}

/** Runs the pages' own program until they are served. @returns what they log */
async function startPages(
  program: Program,
  config: string,
  url: string,
  endings: Endings,
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
  endings.add(running, () => {
    running.abort();
    return ended;
  });
  const ca = await readFile(join(program.folder, "tls.crt"), "utf8");
  const dispatcher = endings.add(new Agent({ connect: { ca } }), (agent) => agent.close());
  await eventually("the pages are served", 30, async () => {
    const answer = await fetch(`${url}/health/ready`, { dispatcher });
    await answer.body?.cancel();
  }).catch(async (cause: unknown) => {
    throw new Error(`the pages are not served: ${await log()}`, { cause });
  });
  return log;
}

async function start({ groups }: PlatformOptions, endings: Endings): Promise<Platform> {
  const program = endings.add(await Program.prepare(""), (each) => each.remove());
  const tls = await selfSigned(program.folder);
  const door = endings.add(await startFrontDoor(tls), (each) => each.stop());
  const publicUrl = door.url;
  const postgres = endings.add(await startPostgres(), (each) => each.remove());
  const configuration = hydraConfiguration(publicUrl);
  const hydra = endings.add(await startHydra({ postgres, issuer: publicUrl, configuration }), (each) => each.stop());
  const kratosOptions = { publicUrl, identitySchema, configuration: kratosConfiguration(publicUrl) };
  const kratos = endings.add(await startKratos({ postgres, hydraAdminUrl: hydra.adminUrl, ...kratosOptions }), (each) =>
    each.stop(),
  );
  const cookieSecretFile = join(program.folder, "cookie");
  await writeFile(cookieSecretFile, "not-to-be-told-not-to-be-told-32", { mode: 0o600 });
  const port = await freePort();
  const config = await program.configuration("serve", {
    publicUrl,
    host: "127.0.0.1",
    port,
    kratos: { publicUrl: kratos.publicUrl, adminUrl: kratos.adminUrl },
    hydra: { adminUrl: hydra.adminUrl },
    tls,
    cookieSecretFile,
    groups,
  });
  const pages = `https://127.0.0.1:${port}`;
  const log = await startPages(program, config, pages, endings);
  door.lead({ hydra: hydra.publicUrl, kratos: kratos.publicUrl, pages });
  const authority = await readFile(tls.certFile, "utf8");
  return { publicUrl, hydra, kratos, authority, log, stop: () => endings.end() };
}

/** Starts it all; when a part does not start, nothing is left of the others. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const endings = new Endings();
  try {
    return await start(options, endings);
  } catch (error) {
    await endings.end();
    throw error;
  }
}
