/**
 * Measures the foundation and writes `bench/foundation.json`: seconds of each phase of a warm `make up`, the wall time of a
 * preview without changes as a ratio to an empty program's in the same run, the program's own evaluation, and the
 * sandbox's resident memory. With `--cold`, also a `make up` with an empty cache folder (half an hour).
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { installedEngine } from "../sandbox/commands/stack/engine.ts";
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
  const lines = [...shown.matchAll(/✓ (.+) \((\d+\.\d) s\)/g)];
  return { seconds, phases: lines.map(([, phase = "", took = ""]) => ({ phase, seconds: Number(took) })) };
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Previews of the platform and of an empty program in turn, so that a machine that slows down slows both. */
async function previews(): Promise<{ platform: number; empty: number; ratio: number }> {
  const engine = await installedEngine();
  const empty = await emptyProgram(engine);
  const pairs: { platform: number; empty: number }[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const pair = {
      platform: await secondsOf(() => sandbox(["pulumi", "--", "preview", "--expect-no-changes", "--non-interactive"])),
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

async function coldUp(): Promise<{ seconds: number; phases: Phase[] }> {
  const cache = await mkdtemp(join(tmpdir(), "bibind-cold-"));
  const env = { BIBIND_CACHE: cache };
  const cold = await measuredUp(env);
  await sandbox(["down"], env);
  await rm(cache, { recursive: true, force: true });
  return cold;
}

const { values } = parseArgs({ options: { cold: { type: "boolean", default: false } } });
await sandbox(["reset", "--yes"]);
const cold = values.cold ? await coldUp() : undefined;
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
