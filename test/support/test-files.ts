import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";

/** How many tests passed and failed. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** How a run of test files ended. */
export interface TestRun extends Counts {
  /** A text for each failed test, and for each failure that mocha does not know. */
  readonly problems: readonly string[];
}

/** Runs Node with these arguments and variables. @returns its exit code; undefined when a signal ended it */
export type RunNode = (args: readonly string[], env: Readonly<Record<string, string>>) => Promise<number | undefined>;

const project = join(import.meta.dirname, "..", "..");
const reportSchema = z.object({ passed: z.array(z.string()), failures: z.array(z.string()) });

/**
 * Runs mocha on test files, and counts the tests. Besides a failed test, these are failures: `only`, `skip`, a file in which
 * no test passes, a run without a report because a file ended the process, and any other exit code than 0.
 *
 * @param files - relative to the project, or absolute
 * @param workers - number of processes that share the files; default: one process for all files
 */
export async function runTestFiles(
  files: readonly string[],
  workers: number | undefined,
  runNode: RunNode,
): Promise<TestRun> {
  const folder = await mkdtemp(join(tmpdir(), "bibind-test-"));
  const report = join(folder, "report.json");
  const mocha = join(project, "node_modules", ".bin", "mocha");
  const reporter = ["--reporter", join(project, "test", "support", "reporter.ts")];
  const parallel = workers === undefined ? [] : ["--parallel", "--jobs", String(workers)];
  const args = [mocha, "--forbid-only", "--forbid-pending", ...reporter, ...parallel, ...files];
  const exitCode = await runNode(args, { BIBIND_TEST_REPORT: report });
  const text = existsSync(report) ? await readFile(report, "utf8") : undefined;
  await rm(folder, { recursive: true, force: true });
  if (text === undefined) {
    const problem = "mocha wrote no report: it could not load a test file, or a test file ended its process";
    return { passed: 0, failed: 1, problems: [problem] };
  }
  const { passed, failures } = reportSchema.parse(JSON.parse(text));
  const withoutPass = files
    .filter((file) => !passed.includes(resolve(project, file)))
    .map((file) => `no test passed in ${file}`);
  const isComplete = exitCode === 0 && withoutPass.length === 0;
  const failed = isComplete ? failures.length : Math.max(failures.length, 1);
  return { passed: passed.length, failed, problems: [...failures, ...withoutPass] };
}
