import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";

const project = join(import.meta.dirname, "..", "..", "..");
export const node = join(project, "node_modules", ".bin", "node");
export const main = join(project, "services", "identity", "main.ts");

const line = z.looseObject({ level: z.string(), msg: z.string().optional() });
export type LogLine = z.infer<typeof line>;

/** The result of a command of the identity service. */
export interface Outcome {
  readonly exitCode: number | undefined;
  /** The lines of its log. */
  readonly lines: readonly LogLine[];
  /** Standard output and standard error. */
  readonly written: string;
}

/** A command that runs until it gets a signal. */
export interface Running {
  /** The lines of its log until now. */
  lines(): LogLine[];
  /** Sends a signal and waits for the end. @returns the exit code; undefined when the signal killed the command */
  end(signal: "SIGTERM" | "SIGKILL"): Promise<number | undefined>;
}

export const linesOf = (text: string): LogLine[] =>
  text
    .split("\n")
    .filter((each) => each !== "")
    .map((each) => line.parse(JSON.parse(each)));

/** Runs the identity service as a pod does: with a command, a configuration file and a trusted CA. */
export class Program {
  readonly folder: string;
  readonly #caFile: string;
  readonly #written: string[] = [];

  private constructor(folder: string, caFile: string) {
    this.folder = folder;
    this.#caFile = caFile;
  }

  /** @param caFile - PEM file of the CA that it trusts */
  static async prepare(caFile: string): Promise<Program> {
    return new Program(await mkdtemp(join(tmpdir(), "bibind-identity-")), caFile);
  }

  get environment(): Record<string, string> {
    return { NODE_EXTRA_CA_CERTS: this.#caFile };
  }

  /** The output of all runs that have ended. */
  get written(): string {
    return this.#written.join("\n");
  }

  async configuration(name: string, config: object): Promise<string> {
    const file = join(this.folder, `${name}.json`);
    await writeFile(file, JSON.stringify(config));
    return file;
  }

  /**
   * Runs a command to its end.
   *
   * @param signal - kills the command (SIGKILL), like the loss of its node
   */
  async run(command: string, config: object, flags: readonly string[] = [], signal?: AbortSignal): Promise<Outcome> {
    const file = await this.configuration(command, config);
    const { exitCode, stdout, stderr } = await execa(node, [main, command, "--config", file, ...flags], {
      env: this.environment,
      reject: false,
      cancelSignal: signal,
      killSignal: "SIGKILL",
    });
    this.#written.push(stdout, stderr);
    const completeLines = stdout.slice(0, stdout.lastIndexOf("}\n") + 1);
    return { exitCode, lines: linesOf(signal === undefined ? stdout : completeLines), written: `${stdout}\n${stderr}` };
  }

  /** Starts a command that runs until it gets a signal. */
  async start(command: string, config: object): Promise<Running> {
    const file = await this.configuration(command, config);
    const running = execa(node, [main, command, "--config", file], { env: this.environment, reject: false });
    let text = "";
    running.stdout.on("data", (part: Buffer) => {
      text += part.toString();
    });
    return {
      lines: () => linesOf(text.slice(0, text.lastIndexOf("\n") + 1)),
      end: async (signal) => {
        running.kill(signal);
        const { exitCode, stdout, stderr } = await running;
        this.#written.push(stdout, stderr);
        return exitCode;
      },
    };
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}
