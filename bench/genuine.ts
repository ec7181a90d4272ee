/**
 * Brings the sandbox up with the vendor's Kubernetes plugin, runs the tests that must hold under it, and writes
 * `bench/genuine.json`. The sandbox is reset before and after: our own plugin keeps another state.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { holdingSandbox } from "../sandbox/commands/sandbox-lock.ts";
import { projectFolder } from "../sandbox/builds/folders.ts";
import { run, type Job, type Outcome } from "../test/support/job.ts";

/** A second up, a killed upgrade, one more relation, drift and its put-back, sign-in, and the removal of everything. */
const files = [
  "test/genuine/platform.test.ts",
  "test/integration/layer.test.ts",
  "test/fault/iam/drift.test.ts",
  "test/e2e/iam/sign-in.test.ts",
  "test/fault/removal.test.ts",
];

const node = (...args: readonly [string, ...string[]]): Job => ({ kind: "command", argv: ["node", ...args] });

async function outcome(): Promise<Outcome> {
  process.env.BIBIND_TOOLCHAIN = "genuine";
  await run("reset", node("sandbox/main.ts", "reset", "--yes"), true);
  try {
    return await run("genuine", { kind: "tests", files }, true);
  } finally {
    await run("reset", node("sandbox/main.ts", "reset", "--yes"), true);
  }
}

const git = async (...args: readonly string[]): Promise<string> =>
  (await execa("git", args, { cwd: projectFolder })).stdout;

const { passed, failed, seconds } = await holdingSandbox("make test-genuine", outcome);
const result = { commit: await git("rev-parse", "HEAD"), passed, failed, seconds: Math.round(seconds) };
await writeFile(join(projectFolder, "bench", "genuine.json"), `${JSON.stringify(result, undefined, 2)}\n`);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
