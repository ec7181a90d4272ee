import { execa } from "execa";

/** How long a program gets to end after it was asked to. */
const graceMilliseconds = 1000;

/** A process to start. */
export interface ChildDescription {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Added to this process's own. */
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

/** The processes this host runs: programs, policy packs, npm. */
export class Children {
  readonly #running = new Set<Child>();

  /**
   * Starts a process; that it failed is in its result, not thrown.
   *
   * @param output `inherit`: what it prints goes where this process prints
   */
  start(description: ChildDescription, output: "inherit" | "pipe"): Child {
    const child = start(description, output);
    this.#running.add(child);
    void child.finally(() => this.#running.delete(child));
    return child;
  }

  /** Asks all of them to end; resolves when they have. */
  async stop(): Promise<void> {
    const running = [...this.#running];
    for (const child of running) {
      child.kill();
    }
    await Promise.all(running);
  }
}
