import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { forwardedArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { counted } from "./counted.ts";
import { readingEngine } from "./pulumi.ts";
import { runOnProgram } from "./stack/engine.ts";

const eventSchema = z.object({
  summaryEvent: z.object({ resourceChanges: z.record(z.string(), z.number()).nullish() }).optional(),
});

/** Operations of the engine that change nothing. */
const harmless = new Set(["same", "read"]);

/**
 * What to say when a preview found nothing to change; undefined when it found something, or did not reach its end.
 *
 * @param events - events of the engine, a JSON object per line
 */
export function nothingChanges(events: string): string | undefined {
  const lines = events.split("\n").filter((line) => line !== "");
  const summaries = lines.flatMap((line) => eventSchema.parse(JSON.parse(line)).summaryEvent ?? []);
  const changes = Object.entries(summaries.at(-1)?.resourceChanges ?? {});
  const isHarmless = changes.every(([operation, count]) => count === 0 || harmless.has(operation));
  const total = changes.reduce((sum, [, count]) => sum + count, 0);
  return summaries.length > 0 && isHarmless
    ? `nothing changes; the stack has ${counted(total, "resource")}\n`
    : undefined;
}

async function preview(args: readonly string[], events: string): Promise<number> {
  const engine = await readingEngine();
  // The engine has the option --event-log only with this variable.
  const environment = { ...engine.environment, PULUMI_DEBUG_COMMANDS: "true" };
  const options = ["--diff", "--policy-pack", "policies", "--event-log", events];
  return runOnProgram({ ...engine, environment }, ["preview", ...options, ...args]);
}

export const command: Command = {
  name: "preview",
  summary: "show what `up` would change, and check the policies; ARGS are further options of the engine",
  usage: "[-- ARGS...]",
  run: async (args) => {
    const folder = await mkdtemp(join(tmpdir(), "bibind-preview-"));
    const events = join(folder, "events");
    try {
      const exitCode = await preview(forwardedArguments(args), events);
      // A run that failed, or only showed its help, writes no events.
      const text = await readFile(events, "utf8").catch(() => "");
      // On standard error, because the preview can write JSON to standard output.
      process.stderr.write((exitCode === 0 ? nothingChanges(text) : undefined) ?? "");
      return exitCode;
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};
