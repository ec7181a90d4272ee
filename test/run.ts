import { glob } from "node:fs/promises";
import { matchesGlob } from "node:path";
import { parseArgs } from "node:util";
import { layers } from "../stacks/layers.ts";
import { run, type Job, type Outcome } from "./support/job.ts";
import { layerOf } from "./support/layer-tests.ts";

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

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { layers: { type: "string", default: "" } },
});

/** Test files of a program, by globs. */
interface TestFiles {
  readonly kind: "tests";
  readonly globs: readonly string[];
  /** Files that are left out. Default: none. */
  readonly besides?: readonly string[];
  /** Processes among which the files are shared out. Default: one. */
  readonly workers?: number;
  /** Whether LAYERS leaves out the files of other layers. */
  readonly byLayer: boolean;
}

type Command = Extract<Job, { kind: "command" }>;

const programs = {
  eslint: { kind: "command", argv: ["eslint", ".", "--max-warnings=0"] },
  prettier: { kind: "command", argv: ["prettier", "--check", "--log-level", "warn", "."] },
  tsc: { kind: "command", argv: ["tsc", "--noEmit"] },
  up: { kind: "command", argv: ["node", "sandbox/main.ts", "up", `--layers=${values.layers}`] },
  unit: { kind: "tests", globs: ["test/unit/**/*.test.ts"], workers: 2, byLayer: false },
  graph: { kind: "tests", globs: ["test/graph/**/*.test.ts"], byLayer: false },
  sandbox: { kind: "tests", globs: ["test/integration/**/*.test.ts"], besides: [...apart, ...guests], byLayer: true },
  guests: { kind: "tests", globs: guests, byLayer: true },
  apart: { kind: "tests", globs: apart, byLayer: true },
  e2e: { kind: "tests", globs: ["test/e2e/**/*.test.ts"], byLayer: true },
  fault: { kind: "tests", globs: ["test/fault/**/*.test.ts"], besides: [removal], byLayer: true },
  removal: { kind: "tests", globs: [removal], byLayer: false },
} as const satisfies Record<string, Command | TestFiles>;

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

function chosenParts(): readonly Part[] {
  const unknown = positionals.filter((name) => !parts.some((part) => part === name));
  if (unknown.length > 0) {
    throw new Error(`unknown part of the test: ${unknown.join(", ")}; there are ${parts.join(", ")}`);
  }
  return positionals.length === 0 ? parts : parts.filter((part) => positionals.includes(part));
}

/** Names of the layers whose tests run; every layer where LAYERS is empty. */
function chosenLayers(): readonly string[] {
  const names = layers.map(({ name }) => name);
  const chosen = values.layers === "" ? names : values.layers.split(",");
  const unknown = chosen.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw new Error(`unknown layer: ${unknown.join(", ")}; there are ${names.join(", ")}`);
  }
  return chosen;
}

const outcomes: Outcome[] = [];
const askedParts = chosenParts();
const askedLayers = chosenLayers();

/** @throws Error when a glob finds no file: its tests were moved, and would no longer run */
async function filesOf({ globs, besides = [], byLayer }: TestFiles): Promise<string[]> {
  const files: string[] = [];
  for (const pattern of globs) {
    const before = files.length;
    for await (const file of glob(pattern)) {
      files.push(file);
    }
    if (files.length === before) {
      throw new Error(`no test file matches ${pattern}`);
    }
  }
  return files
    .filter((file) => !besides.some((pattern) => matchesGlob(file, pattern)))
    .filter((file) => !byLayer || askedLayers.includes(layerOf(file)))
    .sort();
}

/** Undefined when there is nothing to run: no test file is of a layer that was asked for. */
async function jobOf(program: Command | TestFiles): Promise<Job | undefined> {
  if (program.kind === "command") {
    return program;
  }
  const files = await filesOf(program);
  return files.length === 0 ? undefined : { kind: "tests", files, workers: program.workers };
}

async function runColumn(steps: readonly Step[], isAlone: boolean): Promise<void> {
  for (const [name, ...needed] of steps) {
    const job = needed.some((part) => askedParts.includes(part)) ? await jobOf(programs[name]) : undefined;
    if (job !== undefined) {
      const outcome = await run(name, job, isAlone);
      outcomes.push(outcome);
      if (name === "up" && outcome.failed === 0) {
        process.env.BIBIND_TEST_SANDBOX = "up";
      }
    }
  }
}

for (const columns of stages) {
  const busy = columns.filter((steps) =>
    steps.some(([, ...needed]) => needed.some((part) => askedParts.includes(part))),
  );
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
