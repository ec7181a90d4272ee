import { stopMachine } from "../machine/machine.ts";
import { refuseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { knownHost } from "./known-host.ts";
import { requireRoot } from "./root.ts";
import { holdingSandbox } from "./sandbox-lock.ts";

export const command: Command = {
  name: "down",
  summary: "stop the machine; keep its data and the stack's state in the cache folder",
  usage: "",
  run: async (args) => {
    refuseArguments(args);
    requireRoot();
    await holdingSandbox("make down", () => stopMachine(knownHost));
    return 0;
  },
};
