import { execa } from "execa";
import { passedOn } from "./arguments.ts";
import type { Command } from "./command.ts";
import { enteringHost } from "./known-host.ts";

export const command: Command = {
  name: "ssh",
  summary: "enter the machine as debian, or run one command there",
  usage: "[-- COMMAND...]",
  run: async (args) => {
    const result = await execa("ssh", [...(await enteringHost()), ...passedOn(args)], {
      stdio: "inherit",
      reject: false,
    });
    return result.exitCode ?? 255;
  },
};
