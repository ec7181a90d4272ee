import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { reportIn } from "../../components/host/shell.ts";

/** The result of a remote step. */
export interface StepResult {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  /** The step's report; undefined when the step did not run to its end. */
  readonly report: string | undefined;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly connection?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * A fake machine: a folder replaces the root of its file system, and fake commands replace real ones.
 *
 * It runs the text of a remote step as the SSH server does.
 */
export class FakeHost {
  readonly root = mkdtempSync(join(tmpdir(), "bibind-host-"));
  readonly #bin = join(this.root, "fake-bin");
  readonly #log = join(this.root, "calls.log");

  constructor() {
    mkdirSync(this.#bin, { recursive: true });
    this.command("id", "echo 0");
    // Every package is installed.
    this.command("dpkg-query", "printf installed");
    // A test must never change the packages of the machine on which it runs.
    this.command("apt-get", ":");
  }

  /** Adds a command to the machine. Its calls are logged. `$ROOT` is the root of the machine. */
  command(name: string, body: string): void {
    const file = join(this.#bin, name);
    writeFileSync(file, `#!/bin/sh\nROOT='${this.root}'\necho "${name} $*" >>'${this.#log}'\n${body}\n`);
    chmodSync(file, 0o755);
  }

  /** Writes a file on the machine. */
  write(path: string, content: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), content);
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path));
  }

  /** The calls of a command, each as `name arguments`. */
  calls(name: string): string[] {
    const log = existsSync(this.#log) ? readFileSync(this.#log, "utf8") : "";
    return log.split("\n").filter((line) => line === name || line.startsWith(`${name} `));
  }

  /**
   * Runs the text that a step gives to the SSH server.
   *
   * @param options - `shell` is the user's login shell. Default: sh
   */
  async run(text: string, options: RunOptions = {}): Promise<StepResult> {
    const { exitCode, stdout, stderr } = await execa(options.shell ?? "sh", ["-c", text], {
      input: options.input ?? "",
      reject: false,
      extendEnv: false,
      env: {
        PATH: `${this.#bin}:/usr/sbin:/usr/bin:/sbin:/bin`,
        BIBIND_ROOT: this.root,
        SSH_CONNECTION: options.connection ?? "",
        ...options.env,
      },
    });
    return { exitCode, stdout, report: reportIn(stdout), stderr };
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
