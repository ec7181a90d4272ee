/** A subcommand of `sandbox`, such as `up`. */
export interface Command {
  readonly name: string;
  /** The description in the list of commands, in one line. */
  readonly summary: string;
  /** The arguments in the usage text, such as `[SERVICE] [--follow]`. */
  readonly usage: string;
  /** Runs the command with its arguments. Resolves to the exit code. */
  readonly run: (args: readonly string[]) => Promise<number>;
}

/** The arguments of a command are not valid. The message is shown with the usage of the command. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
