import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { type ToolName, goTool } from "../../../sandbox/toolchain/go/build.ts";
import type { TestPostgres } from "../toolchain/vault/postgres.ts";
import { type TestServer, startServer } from "./server.ts";

/** A real Hydra or Kratos on the loopback; its data stays as long as its PostgreSQL does. */
export interface OryServer extends TestServer {
  /** Where browsers and clients reach it, without a slash at the end. */
  readonly publicUrl: string;
  /** Its admin API, without a slash at the end. */
  readonly adminUrl: string;
}

export interface OryProgram {
  readonly tool: Extract<ToolName, "hydra" | "kratos">;
  readonly postgres: TestPostgres;
  /** Arguments that serve, and those that bring the database up to date. */
  readonly serve: readonly string[];
  readonly migrate: readonly string[];
  readonly publicUrl: string;
  readonly adminUrl: string;
  /** Configurations, in the order in which each overrides the one before. */
  readonly configurations: readonly object[];
}

/** Makes a database of its own, once. */
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

/** Migrates the program's database, starts it, and waits until it is ready. */
export async function startOry(program: OryProgram): Promise<OryServer> {
  const { tool, publicUrl, adminUrl } = program;
  const folder = await mkdtemp(join(tmpdir(), `bibind-${tool}-`));
  const binary = join(await goTool(tool), tool);
  const env = { DSN: await database(program.postgres, tool) };
  await execa(binary, program.migrate, { env });
  const args = [...program.serve, ...(await writeConfigurations(folder, program.configurations))];
  const server = await startServer({ binary, args, env, folder, readyUrl: `${adminUrl}/health/ready` });
  return { ...server, publicUrl, adminUrl };
}
