import { execa } from "execa";
import { readArguments, refusePositionals } from "./arguments.ts";
import type { Command } from "./command.ts";
import { UsageError } from "./command.ts";
import { sshToHost } from "./known-host.ts";

const lineCount = "200";

/** The command on the machine that prints the latest log lines of all its services, or of one. @throws UsageError */
export function journalCommand(service: string | undefined, follow: boolean): string[] {
  if (service !== undefined && !/^[\w@.:-]+$/.test(service)) {
    throw new UsageError(`invalid service name: ${service}`);
  }
  const unit = service === undefined ? [] : [`--unit=${service}`];
  return ["sudo", "journalctl", "--no-pager", `--lines=${lineCount}`, ...unit, ...(follow ? ["--follow"] : [])];
}

export const command: Command = {
  name: "logs",
  summary: "show the latest logs of the machine's services",
  usage: "[SERVICE] [--follow]",
  run: async (args) => {
    const { values, positionals } = readArguments(args, { follow: { type: "boolean", short: "f", default: false } });
    refusePositionals(positionals, 1);
    const journal = journalCommand(positionals[0], values.follow);
    const result = await execa("ssh", [...(await sshToHost()), ...journal], { stdio: "inherit", reject: false });
    return result.exitCode ?? 255;
  },
};
