import { StringDecoder } from "node:string_decoder";
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

/** Splits the chunks of one stream into lines. A chunk can end within a line, and within a character. */
class LineSplitter {
  readonly #decoder = new StringDecoder("utf8");
  #rest = "";

  /** @returns the lines that this chunk completes */
  add(chunk: Uint8Array): string[] {
    const lines = (this.#rest + this.#decoder.write(chunk)).split("\n");
    this.#rest = lines.pop() ?? "";
    return lines;
  }

  /** @returns the last line, if it has no line break */
  end(): string[] {
    const last = this.#rest + this.#decoder.end();
    this.#rest = "";
    return last === "" ? [] : [last];
  }
}

const streams = ["stdout", "stderr"] as const satisfies readonly (keyof Printed)[];

/** Records the output of a command, and shows it line by line while the command runs. */
export class OutputRecorder {
  readonly #context: Pick<ResourceContext, "log">;
  readonly #shown: readonly (keyof Printed)[];
  readonly #chunks = { stdout: new Array<Uint8Array>(), stderr: new Array<Uint8Array>() };
  readonly #splitters = { stdout: new LineSplitter(), stderr: new LineSplitter() };
  /** The last lines of both streams, in the order in which they were completed. */
  #lastLines: readonly string[] = [];

  constructor(context: Pick<ResourceContext, "log">, logging: Logging) {
    this.#context = context;
    this.#shown = logging === "none" ? [] : logging === "stdoutAndStderr" ? streams : [logging];
  }

  add(from: keyof Printed, chunk: Uint8Array): void {
    this.#chunks[from].push(chunk);
    this.#complete(from, this.#splitters[from].add(chunk));
  }

  /** Ends both streams: shows a last line without a line break. */
  end(): void {
    for (const stream of streams) {
      this.#complete(stream, this.#splitters[stream].end());
    }
  }

  /** The whole output. Each stream lacks its last line break, as with the vendor's plugin. */
  printed(): Printed {
    const text = (from: keyof Printed): string => Buffer.concat(this.#chunks[from]).toString().replace(/\n$/, "");
    return { stdout: text("stdout"), stderr: text("stderr") };
  }

  /** The last lines of both streams. */
  lastLines(): string {
    return this.#lastLines.join("\n").trimEnd();
  }

  #complete(from: keyof Printed, lines: readonly string[]): void {
    this.#lastLines = [...this.#lastLines, ...lines].slice(-linesInError);
    for (const line of lines) {
      if (this.#shown.includes(from) && line.trim() !== "") {
        void this.#context.log("info", line);
      }
    }
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
