import { execa } from "execa";
import { forwardedArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { sshToHost } from "./known-host.ts";

export const command: Command = {
  name: "ssh",
  summary: "open a shell on the machine as the user debian, or run one command there",
  usage: "[-- COMMAND...]",
  run: async (args) => {
    const result = await execa("ssh", [...(await sshToHost()), ...forwardedArguments(args)], {
      stdio: "inherit",
      reject: false,
    });
    return result.exitCode ?? 255;
  },
};
