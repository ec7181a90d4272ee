import { OperatorError } from "../../../../components/errors/operator-error.ts";
import type { ResourceContext } from "../server/plugin.ts";
import type { Logging } from "./inputs.ts";

/** The output of a command. */
export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

/** The variables `PULUMI_COMMAND_STDOUT` and `PULUMI_COMMAND_STDERR` with the output of the previous command. */
export function previousOutput({ stdout, stderr }: Printed): Record<string, string> {
  return {
    ...(stdout === "" ? {} : { PULUMI_COMMAND_STDOUT: stdout }),
    ...(stderr === "" ? {} : { PULUMI_COMMAND_STDERR: stderr }),
  };
}

const linesInError = 20;

/** Records the output of a command, and shows it line by line while the command runs. */
export class OutputRecorder {
  readonly #context: Pick<ResourceContext, "log">;
  readonly #shown: readonly (keyof Printed)[];
  readonly #chunks: { from: keyof Printed; chunk: Uint8Array }[] = [];
  #line = "";

  constructor(context: Pick<ResourceContext, "log">, logging: Logging) {
    this.#context = context;
    this.#shown = logging === "none" ? [] : logging === "stdoutAndStderr" ? ["stdout", "stderr"] : [logging];
  }

  add(from: keyof Printed, chunk: Uint8Array): void {
    this.#chunks.push({ from, chunk });
    if (this.#shown.includes(from)) {
      const lines = (this.#line + Buffer.from(chunk).toString()).split("\n");
      this.#line = lines.pop() ?? "";
      this.#show(lines);
    }
  }

  /** The whole output. Each stream lacks its last line break, as with the vendor's plugin. */
  printed(): Printed {
    return { stdout: this.#text(["stdout"]).replace(/\n$/, ""), stderr: this.#text(["stderr"]).replace(/\n$/, "") };
  }

  /** The last lines of both streams. */
  lastLines(): string {
    const lines = this.#text(["stdout", "stderr"]).trimEnd().split("\n");
    return lines.slice(-linesInError).join("\n");
  }

  #show(lines: readonly string[]): void {
    for (const line of lines.filter((text) => text.trim() !== "")) {
      void this.#context.log("info", line);
    }
  }

  #text(streams: readonly (keyof Printed)[]): string {
    return Buffer.concat(
      this.#chunks.filter(({ from }) => streams.includes(from)).map(({ chunk }) => chunk),
    ).toString();
  }
}

/** The error for a failed command. It contains the exit status and the last output, but not the input. */
export function commandFailed(where: string, ending: string, recorder: OutputRecorder): OperatorError {
  const lines = recorder.lastLines();
  return new OperatorError({
    what: `the command ended with ${ending}${lines === "" ? " and printed nothing" : `; it last printed:\n${lines}`}`,
    where,
    remedy: "fix the problem that the command reports, then run again",
  });
}
