import { execa } from "execa";
import { readArguments, refuseWords } from "./arguments.ts";
import type { Command } from "./command.ts";
import { UsageError } from "./command.ts";
import { enteringHost } from "./known-host.ts";

const lines = "200";

/** The command inside the machine that shows what its services said. */
export function journalCommand(service: string | undefined, follow: boolean): string[] {
  if (service !== undefined && !/^[\w@.:-]+$/.test(service)) {
    throw new UsageError(`not the name of a service: ${service}`);
  }
  const unit = service === undefined ? [] : [`--unit=${service}`];
  return ["sudo", "journalctl", "--no-pager", `--lines=${lines}`, ...unit, ...(follow ? ["--follow"] : [])];
}

export const command: Command = {
  name: "logs",
  summary: "show what the machine's services said last",
  usage: "[SERVICE] [--follow]",
  run: async (args) => {
    const { values, positionals } = readArguments(args, { follow: { type: "boolean", short: "f", default: false } });
    refuseWords(positionals, 1);
    const journal = journalCommand(positionals[0], values.follow);
    const result = await execa("ssh", [...(await enteringHost()), ...journal], { stdio: "inherit", reject: false });
    return result.exitCode ?? 255;
  },
};
