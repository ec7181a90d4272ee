/**
 * Measures the sandbox and writes `bench/foundation.json`: seconds of each phase of a warm `make up`, the wall time of a
 * preview without changes as a ratio to an empty program's in the same run (of the whole platform, and of the foundation
 * alone), the program's own evaluation, and the sandbox's resident memory. With `--cold=FILE`, also the phases of a first
 * `make up` on a bare machine, out of what it printed there: no program can make this machine bare again, so without it
 * those of the last report stay.
 */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { parseDocument } from "yaml";
import { z } from "zod";
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

/** `make up`, with the phases that its progress lines tell. */
async function measuredUp(env: Record<string, string> = {}): Promise<{ seconds: number; phases: Phase[] }> {
  let shown = "";
  const seconds = await secondsOf(async () => {
    shown = await sandbox(["up"], env);
  });
  return { seconds, phases: phasesIn(shown) };
}

function phasesIn(shown: string): Phase[] {
  const lines = [...shown.matchAll(/✓ (.+) \((\d+\.\d) s\)/g)];
  return lines.map(([, phase = "", took = ""]) => ({ phase, seconds: Number(took) }));
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** The engine alone, as for the empty program: the command around it is no part of a preview. */
async function pulumi({ pulumi, environment }: Engine, settings: string, args: readonly string[]): Promise<void> {
  const words = withSettings([...args, "--non-interactive"], settings);
  await execa(pulumi, words, { cwd: projectFolder, env: environment, stdin: "ignore" });
}

interface Previews {
  /** Seconds, each the median of all rounds. */
  readonly program: number;
  readonly empty: number;
  /** Median of the ratios of each round. */
  readonly ratio: number;
}

/** Previews of the program and of an empty one in turn, so that a machine that slows down slows both. */
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

/** The same previews where the stack has nothing but the foundation; the other layers are taken away for that. */
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

/** Loading the program's modules, which is all that it does besides registering resources. */
async function evaluation(): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    times.push(await secondsOf(() => execa(node, ["--input-type=module", "-e", modules], { cwd: projectFolder })));
  }
  return median(times.slice(1));
}

/** Proportional set size of everything in network namespaces other than this one's, in MiB. */
async function residentMemory(): Promise<number> {
  const sizes = await Promise.all(
    (await isolatedProcesses()).map(async (pid) => {
      const rollup = await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "");
      return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0);
    }),
  );
  return Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1024);
}

/** A first `make up`, out of its output: the last phase is the whole. Without an output, what the last report says. */
async function coldUp(file: string | undefined): Promise<unknown> {
  if (file === undefined) {
    return z.object({ cold: z.unknown() }).parse(JSON.parse(await readFile(reportFile, "utf8"))).cold;
  }
  const phases = phasesIn(await readFile(file, "utf8"));
  return { seconds: phases.at(-1)?.seconds ?? Number.NaN, phases: phases.slice(0, -1) };
}

const { values } = parseArgs({ options: { cold: { type: "string" } } });
const cold = await coldUp(values.cold);
await sandbox(["reset", "--yes"]);
const warm = await measuredUp();
const engine = await installedEngine();
const whole = {
  cold,
  warm,
  preview: await previews(engine, settingsFile()),
  evaluationSeconds: await evaluation(),
  residentMemoryMiB: await residentMemory(),
};
const report = { ...whole, previewOfFoundationAlone: await previewsOfFoundation(engine) };
await sandbox(["up"]);
await writeFile(reportFile, `${JSON.stringify(report, undefined, 2)}\n`);
process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
