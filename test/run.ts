import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { z } from "zod";

interface Outcome {
  readonly passed: number;
  readonly failed: number;
}

const project = join(import.meta.dirname, "..");
const bin = (name: string): string => join(project, "node_modules", ".bin", name);

/** The parts of the test in the order in which they run: the cheapest that can fail comes first. */
const parts = ["lint", "types", "unit", "graph", "integration", "e2e", "fault"] as const;
type Part = (typeof parts)[number];

const statistics = z.object({ passed: z.number(), failed: z.number() });

async function command(...argv: readonly [string, ...string[]]): Promise<Outcome> {
  const [file, ...args] = argv;
  const result = await execa(bin(file), args, { cwd: project, stdio: "inherit", reject: false });
  return result.exitCode === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function lint(): Promise<Outcome> {
  const rules = await command("eslint", ".", "--max-warnings=0");
  const format = await command("prettier", "--check", "--log-level", "warn", ".");
  return { passed: rules.passed + format.passed, failed: rules.failed + format.failed };
}

/** Mocha's exit code is checked against its counts, so that a run that died before its end cannot pass. */
async function mocha(part: Part): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), "bibind-test-"));
  const report = join(folder, "statistics.json");
  const result = await execa(
    bin("node"),
    [bin("mocha"), "--reporter", join(project, "test/support/reporter.ts"), `test/${part}/**/*.test.ts`],
    { cwd: project, stdio: "inherit", reject: false, env: { BIBIND_TEST_STATISTICS: report } },
  );
  const outcome = existsSync(report)
    ? statistics.parse(JSON.parse(await readFile(report, "utf8")))
    : { passed: 0, failed: 0 };
  await rm(folder, { recursive: true, force: true });
  const silentFailure = result.exitCode !== 0 && outcome.failed === 0;
  return silentFailure ? { ...outcome, failed: 1 } : outcome;
}

function run(part: Part): Promise<Outcome> {
  switch (part) {
    case "lint":
      return lint();
    case "types":
      return command("tsc", "--noEmit");
    default:
      return mocha(part);
  }
}

function chosen(): readonly Part[] {
  const { positionals } = parseArgs({ allowPositionals: true });
  const unknown = positionals.filter((name) => !parts.some((part) => part === name));
  if (unknown.length > 0) {
    throw new Error(`unknown part of the test: ${unknown.join(", ")}; there are ${parts.join(", ")}`);
  }
  return positionals.length === 0 ? parts : parts.filter((part) => positionals.includes(part));
}

let passed = 0;
let failed = 0;
for (const part of chosen()) {
  process.stdout.write(`\n== ${part}\n`);
  const outcome = await run(part);
  passed += outcome.passed;
  failed += outcome.failed;
}
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
