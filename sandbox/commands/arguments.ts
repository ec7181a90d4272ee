import { parseArgs, type ParseArgsConfig } from "node:util";
import { UsageError } from "./command.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;

/**
 * Parses the options and the positional arguments of a command.
 *
 * @throws UsageError for an option that the command does not have
 */
export function readArguments<T extends Options>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    if (error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS_")) {
      throw new UsageError(error.message, { cause: error });
    }
    throw error;
  }
}

/**
 * Refuses positional arguments that a command does not use.
 *
 * @param limit - the number of positional arguments that the command accepts; default none
 * @throws UsageError that names the first extra argument
 */
export function refusePositionals(positionals: readonly string[], limit = 0): void {
  const extra = positionals[limit];
  if (extra !== undefined) {
    throw new UsageError(`unexpected argument: ${extra}`);
  }
}

/** Refuses every argument, for a command that accepts none. @throws UsageError */
export function refuseArguments(args: readonly string[]): void {
  refusePositionals(readArguments(args, {}).positionals);
}

/** The arguments for another program: those after a leading `--`, or all of them without one. */
export function forwardedArguments(args: readonly string[]): string[] {
  return args[0] === "--" ? args.slice(1) : [...args];
}
