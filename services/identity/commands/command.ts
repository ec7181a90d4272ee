import type { Log } from "../log.ts";

/** What a command line said beside the command's name. */
export interface Options {
  /** File of the command's configuration (JSON). */
  readonly config: string;
  /** Whether `--rotate` was given. */
  readonly rotate: boolean;
}

/** One command of the program. */
export interface Command {
  readonly name: string;
  /** One line for the help. */
  readonly summary: string;
  /** Whether it takes `--rotate`. */
  readonly rotates: boolean;
  /** @throws OperatorError when the operator can mend what went wrong */
  run(options: Options, log: Log): Promise<void>;
}

/** The command line is wrong: the message and the usage are shown. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
