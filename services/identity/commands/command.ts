import type { Log } from "../log.ts";

/** Options of the command line. */
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
  /** @throws OperatorError when the operator can correct the cause */
  run(options: Options, log: Log): Promise<void>;
}

/** The command line is wrong: the program shows the message and the usage. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
