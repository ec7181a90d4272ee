import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { fetch, type Dispatcher } from "undici";
import { eventually } from "../../support/eventually.ts";

/** A server on the loopback interface that runs during a test. */
export interface TestServer {
  /** Its log until now. */
  log(): Promise<string>;
  /** Stops it and removes its folder. */
  stop(): Promise<void>;
}

export interface Program {
  readonly binary: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Folder of its files. The caller creates it, and `stop` removes it. */
  readonly folder: string;
  /** URL that answers with a success status when the server is ready. */
  readonly readyUrl: string;
  /** Dispatcher that trusts the certificate of `readyUrl`. Default: one that trusts public CAs. */
  readonly dispatcher?: Dispatcher;
}

const startupSeconds = 120;

/** Starts a server and waits until it is ready. */
export async function startServer({ binary, args, env, folder, readyUrl, dispatcher }: Program): Promise<TestServer> {
  const logFile = join(folder, "log");
  const output = { file: logFile, append: true } as const;
  const running = new AbortController();
  const ended = execa(binary, args, {
    env,
    stdout: output,
    stderr: output,
    buffer: false,
    cancelSignal: running.signal,
    forceKillAfterDelay: 5000,
    reject: false,
  });
  const server: TestServer = {
    log: () => readFile(logFile, "utf8"),
    async stop() {
      running.abort();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
  await eventually(`${binary} is ready`, startupSeconds, async () => {
    const answer = await fetch(readyUrl, { dispatcher });
    if (!answer.ok) {
      throw new Error(`${readyUrl}: ${answer.status} ${await answer.text()}`);
    }
  }).catch(async (cause: unknown) => {
    const log = await server.log();
    await server.stop();
    throw new Error(`${binary} does not start: ${log}`, { cause });
  });
  return server;
}
