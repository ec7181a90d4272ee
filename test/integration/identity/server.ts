import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { fetch, type Dispatcher } from "undici";
import { eventually } from "../../support/eventually.ts";

/** A program that serves on the loopback during a test. */
export interface TestServer {
  /** What it logged so far. */
  log(): Promise<string>;
  /** Stops it and removes its folder. */
  stop(): Promise<void>;
}

export interface Program {
  readonly binary: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Folder of its files, created by the caller and removed with the server. */
  readonly folder: string;
  /** URL that answers with success when the program serves. */
  readonly readyUrl: string;
  /** Trusts the certificate of `readyUrl`. Default: the public CAs are trusted. */
  readonly dispatcher?: Dispatcher;
}

const startupSeconds = 120;

/** Starts a program and waits until it serves. */
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
  await eventually(`${binary} serves`, startupSeconds, async () => {
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
