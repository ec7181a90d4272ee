import { rm } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { OperatorError } from "../../components/errors/operator-error.ts";
import { cacheFolder } from "../builds/folders.ts";
import { step } from "../builds/progress.ts";
import { stopMachine } from "../machine/machine.ts";
import { readArguments, refusePositionals } from "./arguments.ts";
import type { Command } from "./command.ts";
import { knownHost } from "./known-host.ts";
import { requireRoot } from "./root.ts";
import { holdingSandbox } from "./sandbox-lock.ts";
import { stackFolder } from "./stack/folder.ts";

async function isConfirmed(): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new OperatorError({
      what: "reset deletes the machine's data and asks for confirmation, but standard input is not a terminal",
      where: cacheFolder("machines", knownHost.name),
      remedy: "run it in a terminal, or add --yes",
    });
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question("Delete the machine's data and the stack's state? Type yes: ");
    return answer.trim() === "yes";
  } finally {
    terminal.close();
  }
}

async function deleteSandbox(): Promise<void> {
  await stopMachine(knownHost);
  await step("delete the machine's data and the stack's state", async () => {
    await rm(cacheFolder("machines", knownHost.name), { recursive: true, force: true });
    await rm(stackFolder(), { recursive: true, force: true });
  });
}

export const command: Command = {
  name: "reset",
  summary: "stop the machine and delete its data and the stack's state; keep the builds",
  usage: "[--yes]",
  run: async (args) => {
    const { values, positionals } = readArguments(args, { yes: { type: "boolean", default: false } });
    refusePositionals(positionals);
    requireRoot();
    if (!values.yes && !(await isConfirmed())) {
      process.stderr.write("Nothing was deleted.\n");
      return 1;
    }
    await holdingSandbox("make reset", deleteSandbox);
    return 0;
  },
};
