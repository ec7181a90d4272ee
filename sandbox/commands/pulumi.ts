import { forwardedArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { holdingSandbox, SandboxBusy } from "./sandbox-lock.ts";
import { installedEngine, runOnProgram, type Engine } from "./stack/engine.ts";
import { markedDestroy } from "./stack/interrupted-destroy.ts";
import { prepareStack, recordedChoice } from "./stack/stack.ts";

/** Commands of the engine that change neither the stack nor what it deploys; undefined: without a subcommand too. */
const readers: Readonly<Record<string, readonly (string | undefined)[] | "always">> = {
  preview: "always",
  pre: "always",
  about: "always",
  logs: "always",
  version: "always",
  help: "always",
  stack: [undefined, "export", "graph", "history", "ls", "output"],
  config: [undefined, "get"],
};

const destroyCommands = ["destroy", "down", "dn"];

const words = (args: readonly string[]): string[] => args.filter((arg) => !arg.startsWith("-"));

/** Name of the engine's command, for people. Its other arguments can hold a secret. */
const nameIn = (args: readonly string[]): string => words(args)[0] ?? "";

/** Whether these arguments of the engine change nothing. */
export function onlyReads(args: readonly string[]): boolean {
  const [name, subcommand] = words(args);
  const known = name === undefined ? "always" : readers[name];
  return known === "always" || known?.includes(subcommand) === true;
}

/** Whether these arguments of the engine delete what the stack deploys. A value can look like a command; that is harmless. */
export function destroys(args: readonly string[]): boolean {
  return args.some((arg) => destroyCommands.includes(arg)) && !args.includes("--preview-only");
}

/** Prepares the stack for reading, unless another command works on it: what it wrote is then good enough to read. */
export async function readingEngine(): Promise<Engine> {
  const engine = await installedEngine();
  try {
    await holdingSandbox("sandbox pulumi", async () => prepareStack(engine, await recordedChoice()));
  } catch (error) {
    if (!(error instanceof SandboxBusy)) {
      throw error;
    }
  }
  return engine;
}

async function changeStack(args: readonly string[]): Promise<number> {
  const engine = await installedEngine();
  await prepareStack(engine, await recordedChoice());
  const run = (): Promise<number> => runOnProgram(engine, args);
  return destroys(args) ? markedDestroy(run) : run();
}

export const command: Command = {
  name: "pulumi",
  summary: "run the engine with the sandbox's home, backend, stack and settings",
  usage: "-- ARGS...",
  run: async (args) => {
    const forwarded = forwardedArguments(args);
    return onlyReads(forwarded)
      ? runOnProgram(await readingEngine(), forwarded)
      : holdingSandbox(`pulumi ${nameIn(forwarded)}`, () => changeStack(forwarded));
  },
};
