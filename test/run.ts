import { parseArgs } from "node:util";
import { run, type Job, type Outcome } from "./support/job.ts";

/** The parts of the test, by their names on the command line. */
const parts = ["lint", "types", "unit", "graph", "integration", "e2e", "fault"] as const;
type Part = (typeof parts)[number];

/** Integration tests that do not use the sandbox: they start machines and servers of their own. */
const standalone = [
  "test/integration/{machine,microk8s,join}.test.ts",
  "test/integration/{charts,identity,vault}/**/*.test.ts",
  "test/integration/toolchain/{engine,vault}.test.ts",
  "test/integration/toolchain/vault/**/*.test.ts",
];

/** Integration tests that use the sandbox's cluster and change only namespaces of their own. */
const cluster = ["test/integration/toolchain/kubernetes*.test.ts"];

/** Fails if any machine runs, so no other test may run at the same time. */
const removal = "test/fault/removal.test.ts";

const programs = {
  eslint: { kind: "command", argv: ["eslint", ".", "--max-warnings=0"] },
  prettier: { kind: "command", argv: ["prettier", "--check", "--log-level", "warn", "."] },
  tsc: { kind: "command", argv: ["tsc", "--noEmit"] },
  up: { kind: "command", argv: ["node", "sandbox/main.ts", "up"] },
  unit: { kind: "tests", files: ["test/unit/**/*.test.ts"], workers: 2 },
  graph: { kind: "tests", files: ["test/graph/**/*.test.ts"] },
  sandbox: { kind: "tests", files: ["test/integration/**/*.test.ts"], except: [...standalone, ...cluster] },
  cluster: { kind: "tests", files: cluster },
  standalone: { kind: "tests", files: standalone },
  e2e: { kind: "tests", files: ["test/e2e/**/*.test.ts"] },
  fault: { kind: "tests", files: ["test/fault/**/*.test.ts"], except: [removal] },
  removal: { kind: "tests", files: [removal] },
} as const satisfies Record<string, Job>;

/** A program, and the parts that need it. */
type Step = readonly [name: keyof typeof programs, ...parts: readonly Part[]];

/**
 * The stages run one after the other, and the fastest checks run first. The columns of a stage run at the same time,
 * because one of them mostly waits. At most one column of a stage changes the sandbox.
 */
const stages: readonly (readonly (readonly Step[])[])[] = [
  [
    [
      ["eslint", "lint"],
      ["prettier", "lint"],
      ["tsc", "types"],
      ["unit", "unit"],
      ["graph", "graph"],
    ],
    // With an empty cache, this step compiles every program of the platform.
    [["up", "integration", "e2e", "fault"]],
  ],
  [[["sandbox", "integration"]], [["cluster", "integration"]]],
  [[["e2e", "e2e"]], [["standalone", "integration"]]],
  [[["fault", "fault"]]],
  [[["removal", "fault"]]],
];

function selectedParts(): readonly Part[] {
  const { positionals } = parseArgs({ allowPositionals: true });
  const unknown = positionals.filter((name) => !parts.some((part) => part === name));
  if (unknown.length > 0) {
    throw new Error(`unknown part of the test: ${unknown.join(", ")}; known parts: ${parts.join(", ")}`);
  }
  return positionals.length === 0 ? parts : parts.filter((part) => positionals.includes(part));
}

const outcomes: Outcome[] = [];
const selected = selectedParts();

function isSelected([, ...neededBy]: Step): boolean {
  return neededBy.some((part) => selected.includes(part));
}

async function runColumn(steps: readonly Step[], isAlone: boolean): Promise<void> {
  for (const [name] of steps.filter(isSelected)) {
    const outcome = await run(name, programs[name], isAlone);
    outcomes.push(outcome);
    if (name === "up" && outcome.failed === 0) {
      process.env.BIBIND_TEST_SANDBOX = "up";
    }
  }
}

for (const columns of stages) {
  const active = columns.filter((steps) => steps.some(isSelected));
  await Promise.all(active.map((steps) => runColumn(steps, active.length === 1)));
}

for (const { name, passed, failed, seconds } of outcomes) {
  process.stdout.write(`${name.padEnd(10)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed `);
  process.stdout.write(`${seconds.toFixed(0).padStart(6)} s\n`);
}
const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
