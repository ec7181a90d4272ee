import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { type ToolName, goTool } from "../../../sandbox/toolchain/go/build.ts";
import { eventually } from "../../support/eventually.ts";
import type { TestPostgres } from "../toolchain/vault/postgres.ts";

/** A real Hydra or Kratos on the loopback, with its data in a real PostgreSQL. */
export interface OryServer {
  /** Where browsers and clients reach it, without a slash at the end. */
  readonly publicUrl: string;
  /** Its admin API, without a slash at the end. */
  readonly adminUrl: string;
  /** What it has logged so far. */
  log(): Promise<string>;
  /** Ends it and removes what it wrote; its database stays as long as the PostgreSQL does. */
  stop(): Promise<void>;
}

export interface OryProgram {
  readonly tool: Extract<ToolName, "hydra" | "kratos">;
  readonly postgres: TestPostgres;
  /** Arguments that serve, and those that bring the database up to date. */
  readonly serve: readonly string[];
  readonly migrate: readonly string[];
  readonly publicUrl: string;
  readonly adminUrl: string;
  /** Configuration files by name, in the order in which each overrides the one before. */
  readonly configurations: readonly object[];
}

const startupSeconds = 60;

async function database(postgres: TestPostgres, name: string): Promise<string> {
  const known = await postgres.sql(`SELECT 1 FROM pg_database WHERE datname = '${name}'`);
  if (known === "") {
    await postgres.sql(`CREATE DATABASE ${name}`);
  }
  return `postgres://${postgres.user}:${postgres.password}@127.0.0.1:${postgres.port}/${name}?sslmode=disable`;
}

async function writeConfigurations(folder: string, configurations: readonly object[]): Promise<string[]> {
  const files = configurations.map((_, index) => join(folder, `${index}.json`));
  for (const [index, file] of files.entries()) {
    await writeFile(file, JSON.stringify(configurations[index]), { mode: 0o600 });
  }
  return files.flatMap((file) => ["--config", file]);
}

/** Migrates the program's own database, starts it, and waits until it is ready. */
export async function startOry(program: OryProgram): Promise<OryServer> {
  const folder = await mkdtemp(join(tmpdir(), `bibind-${program.tool}-`));
  const binary = join(await goTool(program.tool), program.tool);
  const configurations = await writeConfigurations(folder, program.configurations);
  const env = { DSN: await database(program.postgres, program.tool), SQA_OPT_OUT: "true" };
  await execa(binary, program.migrate, { env });
  const logFile = join(folder, "log");
  const output = { file: logFile } as const;
  const running = new AbortController();
  const ended = execa(binary, [...program.serve, ...configurations], {
    env,
    stdout: output,
    stderr: { ...output, append: true },
    buffer: false,
    cancelSignal: running.signal,
    forceKillAfterDelay: 5000,
    reject: false,
  });
  const server: OryServer = {
    publicUrl: program.publicUrl,
    adminUrl: program.adminUrl,
    log: () => readFile(logFile, "utf8"),
    async stop() {
      running.abort();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
  await eventually(`${program.tool} is ready`, startupSeconds, async () => {
    const answer = await fetch(`${program.adminUrl}/health/ready`);
    if (!answer.ok) {
      throw new Error(await answer.text());
    }
  }).catch(async (cause: unknown) => {
    const log = await server.log();
    await server.stop();
    throw new Error(`${program.tool} does not start: ${log}`, { cause });
  });
  return server;
}
