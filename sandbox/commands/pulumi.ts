import { passedOn } from "./arguments.ts";
import type { Command } from "./command.ts";
import { installedEngine, runOnProgram } from "./stack/engine.ts";
import { runningEngine } from "./stack/repair.ts";
import { prepareStack, recordedChoice } from "./stack/stack.ts";

export const command: Command = {
  name: "pulumi",
  summary: "run the engine with the sandbox's home, backend, stack and settings",
  usage: "-- ARGS...",
  run: async (args) => {
    const engine = await installedEngine();
    // While another update runs, all is left to it: the engine answers what only reads, and refuses the rest.
    if ((await runningEngine()) === undefined) {
      await prepareStack(engine, await recordedChoice());
    }
    return runOnProgram(engine, passedOn(args));
  },
};
