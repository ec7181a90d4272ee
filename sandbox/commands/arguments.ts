import { parseArgs, type ParseArgsConfig } from "node:util";
import { UsageError } from "./command.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;

/** Reads options and words; what the command does not know is a usage error. */
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

/** Refuses words that a command has no use for. */
export function refuseWords(words: readonly string[], atMost = 0): void {
  const extra = words[atMost];
  if (extra !== undefined) {
    throw new UsageError(`unexpected word: ${extra}`);
  }
}

/** Reads a command that takes neither options nor words. */
export function refuseArguments(args: readonly string[]): void {
  refuseWords(readArguments(args, {}).positionals);
}

/** What follows `--`, or everything when there is none. */
export function passedOn(args: readonly string[]): string[] {
  return args[0] === "--" ? args.slice(1) : [...args];
}
