import { OperatorError } from "../../../../components/errors/operator-error.ts";
import type { ResourceContext } from "../server/plugin.ts";
import type { Logging } from "./inputs.ts";

/** What a command printed. */
export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
}

/** Outputs of the previous run, for the variables `PULUMI_COMMAND_STDOUT` and `PULUMI_COMMAND_STDERR`. */
export function previousOutput(wanted: boolean, previous: Outcome | undefined): Record<string, string> {
  if (!wanted || previous === undefined) {
    return {};
  }
  const { stdout, stderr } = previous;
  return {
    ...(stdout === "" ? {} : { PULUMI_COMMAND_STDOUT: stdout }),
    ...(stderr === "" ? {} : { PULUMI_COMMAND_STDERR: stderr }),
  };
}

const shownLines = 20;

/** Keeps what a command prints, and shows it line by line while it runs. */
export class OutputRecorder {
  readonly #context: Pick<ResourceContext, "log">;
  readonly #shown: readonly (keyof Outcome)[];
  readonly #chunks: { from: keyof Outcome; chunk: Uint8Array }[] = [];
  #line = "";

  constructor(context: Pick<ResourceContext, "log">, logging: Logging) {
    this.#context = context;
    this.#shown = logging === "none" ? [] : logging === "stdoutAndStderr" ? ["stdout", "stderr"] : [logging];
  }

  add(from: keyof Outcome, chunk: Uint8Array): void {
    this.#chunks.push({ from, chunk });
    if (this.#shown.includes(from)) {
      const lines = (this.#line + Buffer.from(chunk).toString()).split("\n");
      this.#line = lines.pop() ?? "";
      this.#show(lines);
    }
  }

  /** All of it, each without its last line break, as the vendor's plugin gives it. */
  outcome(): Outcome {
    return { stdout: this.#text(["stdout"]).replace(/\n$/, ""), stderr: this.#text(["stderr"]).replace(/\n$/, "") };
  }

  /** The end of all that was printed, for an error message. */
  lastLines(): string {
    const lines = this.#text(["stdout", "stderr"]).trimEnd().split("\n");
    return lines.slice(-shownLines).join("\n");
  }

  #show(lines: readonly string[]): void {
    for (const line of lines.filter((text) => text.trim() !== "")) {
      void this.#context.log("info", line);
    }
  }

  #text(wanted: readonly (keyof Outcome)[]): string {
    return Buffer.concat(this.#chunks.filter(({ from }) => wanted.includes(from)).map(({ chunk }) => chunk)).toString();
  }
}

/** The error for a command that ended badly: its ending and what it last printed, never what it was given. */
export function commandFailed(where: string, ending: string, recorder: OutputRecorder): OperatorError {
  const printed = recorder.lastLines();
  return new OperatorError({
    what: `the command ended with ${ending}${printed === "" ? " and printed nothing" : `; it last printed:\n${printed}`}`,
    where,
    remedy: "mend what it complains of and run again",
  });
}
