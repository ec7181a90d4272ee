import { parseArgs } from "node:util";
import { UsageError, type Command, type Options } from "./command.ts";

function parse(args: readonly string[]): { config?: string; rotate?: boolean; positionals: string[] } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { config: { type: "string" }, rotate: { type: "boolean" } },
      allowPositionals: true,
    });
    return { ...values, positionals };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** How to call a command. */
export function usageOf({ name, rotates }: Command): string {
  return `identity ${name} --config FILE${rotates ? " [--rotate]" : ""}`;
}

/**
 * The command and the options that a command line names.
 *
 * @throws UsageError when the command or an option does not exist, or when the configuration is missing
 */
export function commandLine(args: readonly string[], commands: readonly Command[]): [Command, Options] {
  const { config, rotate = false, positionals } = parse(args);
  const [name, ...rest] = positionals;
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    throw new UsageError(name === undefined ? "no command given" : `there is no command ${name}`);
  }
  if (rest.length > 0) {
    throw new UsageError(`unknown argument: ${rest.join(" ")}`);
  }
  if (config === undefined) {
    throw new UsageError("--config FILE is missing");
  }
  if (rotate && !command.rotates) {
    throw new UsageError(`${command.name} does not take --rotate`);
  }
  return [command, { config, rotate }];
}
