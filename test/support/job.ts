import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";

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
export interface Outcome {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly seconds: number;
}

type Counts = Pick<Outcome, "passed" | "failed">;

const project = join(import.meta.dirname, "..", "..");
const bin = (name: string): string => join(project, "node_modules", ".bin", name);
const counts = z.object({ passed: z.number(), failed: z.number() });

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
  return (await execa(bin(file), args, { ...options, buffer: false })).exitCode;
}

/** Compares mocha's exit code with its counts, so that a run that ended too early counts as a failure. */
async function tests(name: string, job: Extract<Job, { kind: "tests" }>, isAlone: boolean): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), "bibind-test-"));
  const report = join(folder, "counts.json");
  const parallel = job.workers === undefined ? [] : ["--parallel", "--jobs", String(job.workers)];
  const reporter = ["--reporter", join(project, "test", "support", "reporter.ts")];
  const argv = ["node", bin("mocha"), ...reporter, ...parallel, ...job.files] as const;
  const exitCode = await show(name, argv, isAlone, { BIBIND_TEST_STATISTICS: report });
  const counted = existsSync(report)
    ? counts.parse(JSON.parse(await readFile(report, "utf8")))
    : { passed: 0, failed: 0 };
  await rm(folder, { recursive: true, force: true });
  return exitCode !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted;
}

/**
 * Runs a job and prints its output.
 *
 * @param isAlone - whether no other job runs at the same time
 */
export async function run(name: string, job: Job, isAlone: boolean): Promise<Outcome> {
  const start = performance.now();
  process.stdout.write(`\n== ${name}\n`);
  const ended =
    job.kind === "tests"
      ? await tests(name, job, isAlone)
      : (await show(name, job.argv, isAlone)) === 0
        ? { passed: 1, failed: 0 }
        : { passed: 0, failed: 1 };
  return { name, ...ended, seconds: (performance.now() - start) / 1000 };
}
