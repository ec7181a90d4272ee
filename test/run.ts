import { parseArgs } from "node:util";
import { run, type Job, type Outcome } from "./support/job.ts";

/** The parts of the test, by which they are asked for. */
const parts = ["lint", "types", "unit", "graph", "integration", "e2e", "fault"] as const;
type Part = (typeof parts)[number];

/** Integration tests that leave the sandbox alone: they have machines and servers of their own. */
const apart = [
  "test/integration/{machine,microk8s,join}.test.ts",
  "test/integration/{charts,identity,vault}/**/*.test.ts",
  "test/integration/toolchain/{engine,vault}.test.ts",
  "test/integration/toolchain/vault/**/*.test.ts",
];

/** Integration tests that need the sandbox's cluster, and touch nothing in it but namespaces of their own. */
const guests = ["test/integration/toolchain/kubernetes*.test.ts"];

/** Looks for what is left of any machine, so nothing may run beside it. */
const removal = "test/fault/removal.test.ts";

const programs = {
  eslint: { kind: "command", argv: ["eslint", ".", "--max-warnings=0"] },
  prettier: { kind: "command", argv: ["prettier", "--check", "--log-level", "warn", "."] },
  tsc: { kind: "command", argv: ["tsc", "--noEmit"] },
  up: { kind: "command", argv: ["node", "sandbox/main.ts", "up"] },
  unit: { kind: "tests", files: ["test/unit/**/*.test.ts"], workers: 2 },
  graph: { kind: "tests", files: ["test/graph/**/*.test.ts"] },
  sandbox: { kind: "tests", files: ["test/integration/**/*.test.ts"], besides: [...apart, ...guests] },
  guests: { kind: "tests", files: guests },
  apart: { kind: "tests", files: apart },
  e2e: { kind: "tests", files: ["test/e2e/**/*.test.ts"] },
  fault: { kind: "tests", files: ["test/fault/**/*.test.ts"], besides: [removal] },
  removal: { kind: "tests", files: [removal] },
} as const satisfies Record<string, Job>;

type Step = readonly [name: keyof typeof programs, ...needed: readonly Part[]];

/**
 * What runs, in this order: the cheapest that can fail comes first. The columns of a stage run side by side, because one
 * of them waits more than it computes; only one changes the sandbox.
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
    // From a cold cache, every program of the platform is compiled here.
    [["up", "integration", "e2e", "fault"]],
  ],
  [[["sandbox", "integration"]], [["guests", "integration"]]],
  [[["e2e", "e2e"]], [["apart", "integration"]]],
  [[["fault", "fault"]]],
  [[["removal", "fault"]]],
];

function chosen(): readonly Part[] {
  const { positionals } = parseArgs({ allowPositionals: true });
  const unknown = positionals.filter((name) => !parts.some((part) => part === name));
  if (unknown.length > 0) {
    throw new Error(`unknown part of the test: ${unknown.join(", ")}; there are ${parts.join(", ")}`);
  }
  return positionals.length === 0 ? parts : parts.filter((part) => positionals.includes(part));
}

const outcomes: Outcome[] = [];
const asked = chosen();

async function runColumn(steps: readonly Step[], isAlone: boolean): Promise<void> {
  for (const [name, ...needed] of steps) {
    if (needed.some((part) => asked.includes(part))) {
      const outcome = await run(name, programs[name], isAlone);
      outcomes.push(outcome);
      if (name === "up" && outcome.failed === 0) {
        process.env.BIBIND_TEST_SANDBOX = "up";
      }
    }
  }
}

for (const columns of stages) {
  const busy = columns.filter((steps) => steps.some(([, ...needed]) => needed.some((part) => asked.includes(part))));
  await Promise.all(busy.map((steps) => runColumn(steps, busy.length === 1)));
}

for (const { name, passed, failed, seconds } of outcomes) {
  process.stdout.write(`${name.padEnd(10)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed `);
  process.stdout.write(`${seconds.toFixed(0).padStart(6)} s\n`);
}
const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
