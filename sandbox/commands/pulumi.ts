import { forwardedArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { installedEngine, runOnProgram } from "./stack/engine.ts";
import { runningEngine } from "./stack/engine-lock.ts";
import { markedDestroy } from "./stack/interrupted-destroy.ts";
import { prepareStack, recordedChoice } from "./stack/stack.ts";

const destroyCommands = ["destroy", "down", "dn"];

/** Whether these arguments of the engine delete what the stack deploys. A value can look like a command; that is harmless. */
export function destroys(args: readonly string[]): boolean {
  return args.some((arg) => destroyCommands.includes(arg)) && !args.includes("--preview-only");
}

export const command: Command = {
  name: "pulumi",
  summary: "run the engine with the sandbox's home, backend, stack and settings",
  usage: "-- ARGS...",
  run: async (args) => {
    const engine = await installedEngine();
    // While another update runs, the stack must not be changed here. The engine itself refuses a second update.
    if ((await runningEngine()) === undefined) {
      await prepareStack(engine, await recordedChoice());
    }
    const forwarded = forwardedArguments(args);
    const run = (): Promise<number> => runOnProgram(engine, forwarded);
    return destroys(forwarded) ? markedDestroy(run) : run();
  },
};
