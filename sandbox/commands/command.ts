/** One word of the `sandbox` command. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What may follow the name, such as `[SERVICE] [--follow]`. */
  readonly usage: string;
  /** Runs with what followed the name; resolves to the exit code. */
  readonly run: (args: readonly string[]) => Promise<number>;
}

/** The command was not used as it is meant: shown with the command's usage. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
