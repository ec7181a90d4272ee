import { glob } from "node:fs/promises";
import { matchesGlob } from "node:path";
import { parseArgs } from "node:util";
import { holdingSandbox, SandboxBusy } from "../sandbox/commands/sandbox-lock.ts";
import { layers } from "../stacks/layers.ts";
import { run, type Job, type Outcome } from "./support/job.ts";
import { layerOf } from "./support/layer-tests.ts";

/** The parts of the test, by their names on the command line. */
const parts = ["lint", "types", "unit", "graph", "integration", "e2e", "fault"] as const;
type Part = (typeof parts)[number];

/** The parts that need the sandbox. */
const partsOnSandbox: ReadonlySet<Part> = new Set(["integration", "e2e", "fault"]);

/** Integration tests that do not use the sandbox: they start servers of their own on loopback. */
const servers = [
  "test/integration/lock.test.ts",
  "test/integration/{charts,identity,vault}/**/*.test.ts",
  "test/integration/toolchain/{engine,fixed-volume,random,vault}.test.ts",
  "test/integration/toolchain/vault/**/*.test.ts",
  "test/attack/**/*.test.ts",
];

/** Integration tests that do not use the sandbox: they start machines of their own. */
const machines = ["test/integration/{join,login-shells,machine,microk8s}.test.ts"];

/** Integration tests that use the sandbox's cluster and change only namespaces of their own. */
const cluster = ["test/integration/toolchain/kubernetes*.test.ts"];

/** Fails if any machine runs, so no other test may run at the same time. */
const removal = "test/fault/removal.test.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { layers: { type: "string", default: "" } },
});

/** The test files of a job. */
interface TestFiles {
  readonly kind: "tests";
  readonly globs: readonly string[];
  /** Files to leave out. Default: none. */
  readonly except?: readonly string[];
  /** Number of processes that share the files. Default: 1. */
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
  sandbox: {
    kind: "tests",
    globs: ["test/integration/**/*.test.ts"],
    except: [...servers, ...machines, ...cluster],
    byLayer: true,
  },
  cluster: { kind: "tests", globs: cluster, byLayer: true },
  servers: { kind: "tests", globs: servers, byLayer: true },
  machines: { kind: "tests", globs: machines, byLayer: true },
  e2e: { kind: "tests", globs: ["test/e2e/**/*.test.ts"], byLayer: true },
  fault: { kind: "tests", globs: ["test/fault/**/*.test.ts"], except: [removal], byLayer: true },
  removal: { kind: "tests", globs: [removal], byLayer: false },
} as const satisfies Record<string, Command | TestFiles>;

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
  [
    [["sandbox", "integration"]],
    [
      ["cluster", "integration"],
      ["servers", "integration"],
    ],
  ],
  [[["e2e", "e2e"]], [["machines", "integration"]]],
  [[["fault", "fault"]]],
  [[["removal", "fault"]]],
];

function selectedParts(): readonly Part[] {
  const unknown = positionals.filter((name) => !parts.some((part) => part === name));
  if (unknown.length > 0) {
    throw new Error(`unknown part of the test: ${unknown.join(", ")}; known parts: ${parts.join(", ")}`);
  }
  return positionals.length === 0 ? parts : parts.filter((part) => positionals.includes(part));
}

/** Names of the layers whose tests run; every layer when LAYERS is empty. */
function selectedLayers(): readonly string[] {
  const names = layers.map(({ name }) => name);
  const chosen = values.layers === "" ? names : values.layers.split(",");
  const unknown = chosen.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw new Error(`unknown layer: ${unknown.join(", ")}; known layers: ${names.join(", ")}`);
  }
  return chosen;
}

const outcomes: Outcome[] = [];
const selected = selectedParts();
const layersUnderTest = selectedLayers();

function isSelected([, ...neededBy]: Step): boolean {
  return neededBy.some((part) => selected.includes(part));
}

/** @throws Error when a glob matches no file: the tests were moved, and nothing would run them */
async function filesOf({ globs, except = [], byLayer }: TestFiles): Promise<string[]> {
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
    .filter((file) => !except.some((pattern) => matchesGlob(file, pattern)))
    .filter((file) => !byLayer || layersUnderTest.includes(layerOf(file)))
    .sort();
}

/** Undefined when no test file belongs to a layer under test. */
async function jobOf(program: Command | TestFiles): Promise<Job | undefined> {
  if (program.kind === "command") {
    return program;
  }
  const files = await filesOf(program);
  return files.length === 0 ? undefined : { kind: "tests", files, workers: program.workers };
}

async function runColumn(steps: readonly Step[], isAlone: boolean): Promise<void> {
  for (const [name] of steps.filter(isSelected)) {
    const job = await jobOf(programs[name]);
    if (job !== undefined) {
      const outcome = await run(name, job, isAlone);
      outcomes.push(outcome);
      if (name === "up" && outcome.failed === 0) {
        process.env.BIBIND_TEST_SANDBOX = "up";
      }
    }
  }
}

async function runStages(): Promise<void> {
  for (const columns of stages) {
    const active = columns.filter((steps) => steps.some(isSelected));
    await Promise.all(active.map((steps) => runColumn(steps, active.length === 1)));
  }
}

/** Runs the stages. Nobody else may work on the sandbox while the tests use it. */
async function runAlone(): Promise<void> {
  try {
    await holdingSandbox("make test", runStages);
  } catch (error) {
    if (error instanceof SandboxBusy) {
      process.stderr.write(`${error.message}\n`);
      process.exit(1);
    }
    throw error;
  }
}

await (selected.some((part) => partsOnSandbox.has(part)) ? runAlone() : runStages());

// A long run ends with its failures, because the place where each one happened is far above.
for (const { name, problems } of outcomes) {
  for (const problem of problems) {
    process.stdout.write(`\n${name} failed: ${problem}\n`);
  }
}
process.stdout.write("\n");
for (const { name, passed, failed, seconds } of outcomes) {
  process.stdout.write(`${name.padEnd(10)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed `);
  process.stdout.write(`${seconds.toFixed(0).padStart(6)} s\n`);
}
const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
