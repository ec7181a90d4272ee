/**
 * Measures the foundation and writes `bench/foundation.json`: seconds of each phase of a warm `make up`, the wall time of a
 * preview without changes as a ratio to an empty program's in the same run, the program's own evaluation, and the
 * sandbox's resident memory. With `--cold=FILE`, also the phases of a first `make up` on a bare machine, out of what it
 * printed there: no program can make this machine bare again.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { installedEngine, withSettings, type Engine } from "../sandbox/commands/stack/engine.ts";
import { settingsFile } from "../sandbox/commands/stack/folder.ts";
import { projectFolder } from "../sandbox/builds/folders.ts";
import { strangers } from "../test/support/strangers.ts";
import { emptyProgram } from "./empty-program.ts";

const node = join(projectFolder, "node_modules", ".bin", "node");
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

async function previewPlatform({ pulumi, environment }: Engine): Promise<void> {
  const args = withSettings(["preview", "--expect-no-changes", "--non-interactive"], settingsFile());
  await execa(pulumi, args, { cwd: projectFolder, env: environment, stdin: "ignore" });
}

/** Previews of the platform and of an empty program in turn, so that a machine that slows down slows both. */
async function previews(): Promise<{ platform: number; empty: number; ratio: number }> {
  const engine = await installedEngine();
  const empty = await emptyProgram(engine);
  const pairs: { platform: number; empty: number }[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const pair = {
      // The engine alone, as for the empty program: the command around it is no part of a preview.
      platform: await secondsOf(() => previewPlatform(engine)),
      empty: await secondsOf(() => empty.preview()),
    };
    // The first round fills the page cache.
    if (round > 0) {
      pairs.push(pair);
    }
  }
  await empty.remove();
  return {
    platform: median(pairs.map((pair) => pair.platform)),
    empty: median(pairs.map((pair) => pair.empty)),
    ratio: Number(median(pairs.map((pair) => pair.platform / pair.empty)).toFixed(2)),
  };
}

/** Loading the program's modules, which is all that it does besides registering resources. */
async function evaluation(): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    times.push(
      await secondsOf(() =>
        execa(node, ["--input-type=module", "-e", "import './stacks/platform.ts'"], { cwd: projectFolder }),
      ),
    );
  }
  return median(times.slice(1));
}

/** Proportional set size of everything in network namespaces other than this one's, in MiB. */
async function residentMemory(): Promise<number> {
  const sizes = await Promise.all(
    (await strangers()).map(async (pid) => {
      const rollup = await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "");
      return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0);
    }),
  );
  return Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1024);
}

/** A first `make up`, out of its output: the last phase is the whole. */
async function coldUp(file: string): Promise<{ seconds: number; phases: Phase[] }> {
  const phases = phasesIn(await readFile(file, "utf8"));
  return { seconds: phases.at(-1)?.seconds ?? Number.NaN, phases: phases.slice(0, -1) };
}

const { values } = parseArgs({ options: { cold: { type: "string" } } });
await sandbox(["reset", "--yes"]);
const cold = values.cold === undefined ? undefined : await coldUp(values.cold);
const warm = await measuredUp();
const report = {
  cold,
  warm,
  preview: await previews(),
  evaluationSeconds: await evaluation(),
  residentMemoryMiB: await residentMemory(),
};
await writeFile(join(projectFolder, "bench", "foundation.json"), `${JSON.stringify(report, undefined, 2)}\n`);
process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
