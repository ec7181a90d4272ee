import { join } from "node:path";
import { execa } from "execa";
import { runTestFiles, type TestRun } from "./test-files.ts";

/** One program that `make test` runs: a command, or mocha on some files. */
export type Job =
  | {
      readonly kind: "command";
      /** A command of `node_modules/.bin`, and its arguments. */
      readonly argv: readonly [string, ...string[]];
    }
  | {
      readonly kind: "tests";
      readonly files: readonly string[];
      /** Number of processes that share the files. Default: 1. */
      readonly workers?: number;
    };

/** How a job ended. */
export interface Outcome extends TestRun {
  readonly name: string;
  readonly seconds: number;
}

const project = join(import.meta.dirname, "..", "..");

/** Runs a program to its end. Its lines begin with its name, unless it runs alone. */
async function show(
  name: string,
  argv: readonly [string, ...string[]],
  isAlone: boolean,
  env: Readonly<Record<string, string>> = {},
): Promise<number | undefined> {
  const named = function* (line: unknown): Generator<string> {
    yield `${name} | ${String(line)}`;
  };
  const shown = isAlone ? ("inherit" as const) : ([named, "inherit"] as const);
  const [file, ...args] = argv;
  const options = { cwd: project, env, stdin: "ignore", stdout: shown, stderr: shown, reject: false } as const;
  return (await execa(join(project, "node_modules", ".bin", file), args, { ...options, buffer: false })).exitCode;
}

function tests(name: string, { files, workers }: Extract<Job, { kind: "tests" }>, isAlone: boolean): Promise<TestRun> {
  return runTestFiles(files, workers, (args, env) => show(name, ["node", ...args], isAlone, env));
}

async function command(name: string, { argv }: Extract<Job, { kind: "command" }>, isAlone: boolean): Promise<TestRun> {
  return (await show(name, argv, isAlone)) === 0
    ? { passed: 1, failed: 0, problems: [] }
    : { passed: 0, failed: 1, problems: [`this command failed: ${argv.join(" ")}`] };
}

/**
 * Runs a job and prints its output.
 *
 * @param isAlone - whether no other job runs at the same time
 */
export async function run(name: string, job: Job, isAlone: boolean): Promise<Outcome> {
  const start = performance.now();
  process.stdout.write(`\n== ${name}\n`);
  const run = job.kind === "tests" ? await tests(name, job, isAlone) : await command(name, job, isAlone);
  return { name, ...run, seconds: (performance.now() - start) / 1000 };
}
