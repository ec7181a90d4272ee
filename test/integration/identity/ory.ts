import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { type ToolName, goTool } from "../../../sandbox/toolchain/go/build.ts";
import type { TestPostgres } from "../toolchain/vault/postgres.ts";
import { type TestServer, startServer } from "./server.ts";

/** A real Hydra or Kratos on the loopback interface. Its data is in PostgreSQL. */
export interface OryServer extends TestServer {
  /** URL for browsers and clients, without a slash at the end. */
  readonly publicUrl: string;
  /** URL of the admin API, without a slash at the end. */
  readonly adminUrl: string;
}

export interface OryProgram {
  readonly tool: Extract<ToolName, "hydra" | "kratos">;
  readonly postgres: TestPostgres;
  /** Arguments to serve, and arguments to migrate the database. */
  readonly serve: readonly string[];
  readonly migrate: readonly string[];
  readonly publicUrl: string;
  readonly adminUrl: string;
  /** Configurations; each overrides the previous ones. */
  readonly configurations: readonly object[];
}

/** Creates a database if it does not exist. @returns its URL */
async function createDatabase(postgres: TestPostgres, name: string): Promise<string> {
  const existing = await postgres.sql(`SELECT 1 FROM pg_database WHERE datname = '${name}'`);
  if (existing === "") {
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
  const env = { DSN: await createDatabase(program.postgres, tool) };
  await execa(binary, program.migrate, { env });
  const args = [...program.serve, ...(await writeConfigurations(folder, program.configurations))];
  const server = await startServer({ binary, args, env, folder, readyUrl: `${adminUrl}/health/ready` });
  return { ...server, publicUrl, adminUrl };
}
