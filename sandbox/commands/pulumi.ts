import { forwardedArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { installedEngine, runOnProgram } from "./stack/engine.ts";
import { runningEngine } from "./stack/engine-lock.ts";
import { prepareStack, recordedChoice } from "./stack/stack.ts";

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
    return runOnProgram(engine, forwardedArguments(args));
  },
};
