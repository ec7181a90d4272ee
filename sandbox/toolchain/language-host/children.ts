import { execa } from "execa";

/** The time that a process has to end before it is killed. */
const graceMilliseconds = 1000;

/** The description of a process to start. */
export interface ChildDescription {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Environment variables, added to those of this process. */
  readonly env: Readonly<Record<string, string>>;
}

function start({ command, args, cwd, env }: ChildDescription, output: "inherit" | "pipe") {
  return execa(command, args, {
    cwd,
    env,
    buffer: false,
    stdin: "ignore",
    stdout: output,
    stderr: output,
    reject: false,
    forceKillAfterDelay: graceMilliseconds,
  });
}

type Child = ReturnType<typeof start>;

/** The processes that the host runs: programs, policy packs, npm. */
export class Children {
  readonly #running = new Set<Child>();

  /**
   * Starts a process. A failure is in its result, not thrown.
   *
   * @param output - `inherit`: the process prints to the output of this process
   */
  start(description: ChildDescription, output: "inherit" | "pipe"): Child {
    const child = start(description, output);
    this.#running.add(child);
    void child.finally(() => this.#running.delete(child));
    return child;
  }

  /** Stops all processes. Resolves when they have ended. */
  async stop(): Promise<void> {
    const running = [...this.#running];
    for (const child of running) {
      child.kill();
    }
    await Promise.all(running);
  }
}
