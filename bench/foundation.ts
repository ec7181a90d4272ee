/**
 * Resets the sandbox, measures it and writes `bench/foundation.json`:
 * - the seconds of each phase of a warm `make up`, when everything is built already;
 * - the seconds of a preview without changes, and their ratio to the preview of an empty program in the same run: for
 *   the whole platform and for the foundation alone;
 * - the seconds that the program's modules need to load;
 * - the sandbox's resident memory.
 *
 * `--cold=FILE` adds the phases of a first `make up` on a bare machine. FILE is the output of that command. Without the
 * option, the report keeps its old cold phases, because a program cannot make this machine bare again.
 */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { parseDocument } from "yaml";
import { z } from "zod";
import { holdingSandbox } from "../sandbox/commands/sandbox-lock.ts";
import { installedEngine, withSettings, type Engine } from "../sandbox/commands/stack/engine.ts";
import { settingsFile, stackFolder } from "../sandbox/commands/stack/folder.ts";
import { projectFolder } from "../sandbox/builds/folders.ts";
import { isolatedProcesses } from "../test/support/isolated-processes.ts";
import { emptyProgram } from "./empty-program.ts";

const node = join(projectFolder, "node_modules", ".bin", "node");
const reportFile = join(projectFolder, "bench", "foundation.json");
const rounds = 5;

interface Phase {
  readonly phase: string;
  readonly seconds: number;
}

async function sandbox(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const result = await execa(node, ["sandbox/main.ts", ...args], {
    cwd: projectFolder,
    env,
    all: true,
    stdin: "ignore",
  });
  return result.all;
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return Number(((performance.now() - start) / 1000).toFixed(2));
}

/** Runs `make up` and reads its phases from its progress lines. */
async function measuredUp(env: Record<string, string> = {}): Promise<{ seconds: number; phases: Phase[] }> {
  let output = "";
  const seconds = await secondsOf(async () => {
    output = await sandbox(["up"], env);
  });
  return { seconds, phases: phasesIn(output) };
}

function phasesIn(output: string): Phase[] {
  const lines = [...output.matchAll(/✓ (.+) \((\d+\.\d) s\)/g)];
  return lines.map(([, phase = "", seconds = ""]) => ({ phase, seconds: Number(seconds) }));
}

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Runs the engine directly, as for the empty program. The sandbox command would add its own time to a preview. */
async function pulumi({ pulumi, environment }: Engine, settings: string, args: readonly string[]): Promise<void> {
  const command = withSettings([...args, "--non-interactive"], settings);
  await execa(pulumi, command, { cwd: projectFolder, env: environment, stdin: "ignore" });
}

interface Previews {
  /** Seconds, each the median of all rounds. */
  readonly program: number;
  readonly empty: number;
  /** Median of the ratios of each round. */
  readonly ratio: number;
}

/** Previews the program and an empty program in turn, so that a slower machine slows both. */
async function previews(engine: Engine, settings: string): Promise<Previews> {
  const empty = await emptyProgram(engine);
  const pairs: { program: number; empty: number }[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const pair = {
      program: await secondsOf(() => pulumi(engine, settings, ["preview", "--expect-no-changes"])),
      empty: await secondsOf(() => empty.preview()),
    };
    // The first round fills the page cache.
    if (round > 0) {
      pairs.push(pair);
    }
  }
  await empty.remove();
  return {
    program: median(pairs.map((pair) => pair.program)),
    empty: median(pairs.map((pair) => pair.empty)),
    ratio: Number(median(pairs.map((pair) => pair.program / pair.empty)).toFixed(2)),
  };
}

/** Removes every layer except the foundation from the stack, and measures the same previews. */
async function previewsOfFoundation(engine: Engine): Promise<Previews> {
  const settings = parseDocument(await readFile(settingsFile(), "utf8"));
  settings.setIn(["config", "bibind:layers"], ["foundation"]);
  const file = stackFolder("Pulumi.foundation.yaml");
  await writeFile(file, settings.toString());
  await pulumi(engine, file, ["up", "--yes", "--skip-preview"]);
  const measured = await previews(engine, file);
  await rm(file);
  return measured;
}

const modules = ["platform", "foundation/index", "iam/index"].map((name) => `import "./stacks/${name}.ts";`).join(" ");

/** The seconds that the program's modules need to load. Besides that, the program only registers resources. */
async function evaluation(): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    times.push(await secondsOf(() => execa(node, ["--input-type=module", "-e", modules], { cwd: projectFolder })));
  }
  return median(times.slice(1));
}

/** Proportional set size, in MiB, of all processes in other network namespaces than this process. */
async function residentMemory(): Promise<number> {
  const sizes = await Promise.all(
    (await isolatedProcesses()).map(async (pid) => {
      const rollup = await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "");
      return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0);
    }),
  );
  return Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1024);
}

/**
 * Reads the phases of a first `make up` from its output, whose last phase is the total. Without a file, returns those
 * of the last report.
 */
async function coldUp(file: string | undefined): Promise<unknown> {
  if (file === undefined) {
    return z.object({ cold: z.unknown() }).parse(JSON.parse(await readFile(reportFile, "utf8"))).cold;
  }
  const phases = phasesIn(await readFile(file, "utf8"));
  return { seconds: phases.at(-1)?.seconds ?? Number.NaN, phases: phases.slice(0, -1) };
}

async function measure(coldOutput: string | undefined): Promise<object> {
  const cold = await coldUp(coldOutput);
  await sandbox(["reset", "--yes"]);
  const warm = await measuredUp();
  const engine = await installedEngine();
  const platform = {
    cold,
    warm,
    preview: await previews(engine, settingsFile()),
    evaluationSeconds: await evaluation(),
    residentMemoryMiB: await residentMemory(),
  };
  const report = { ...platform, previewOfFoundationAlone: await previewsOfFoundation(engine) };
  await sandbox(["up"]);
  return report;
}

const { values } = parseArgs({ options: { cold: { type: "string" } } });
const report = await holdingSandbox("make bench-foundation", () => measure(values.cold));
await writeFile(reportFile, `${JSON.stringify(report, undefined, 2)}\n`);
process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
