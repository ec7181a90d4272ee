import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/** The snap's folder in this checkout. */
export const microk8sFolder = join(import.meta.dirname, "..", "..", "..", "..", "sandbox", "snaps", "microk8s");

const content = join(microk8sFolder, "content");

/** The result of a program of the snap. */
export interface Result {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs programs of the snap `microk8s` on this machine, with temporary folders. It starts no daemon. */
export class Microk8s {
  readonly folder = mkdtempSync(join(tmpdir(), "bibind-microk8s-"));

  private async run(program: string, args: readonly string[]): Promise<Result> {
    const { exitCode, stdout, stderr } = await execa(program, args, {
      reject: false,
      env: {
        SNAP: content,
        SNAP_DATA: join(this.folder, "data"),
        SNAP_COMMON: join(this.folder, "common"),
        BIBIND_IMAGES: join(this.folder, "images"),
        PYTHONPATH: join(content, "lib"),
        PYTHONDONTWRITEBYTECODE: "1",
      },
    });
    return { exitCode, stdout, stderr };
  }

  /** Runs a command of `microk8s`. */
  command(...args: readonly string[]): Promise<Result> {
    return this.run("python3", [join(content, "bin", "microk8s"), ...args]);
  }

  /** Runs Python code that can import the snap's modules. */
  python(code: string): Promise<Result> {
    return this.run("python3", ["-c", code]);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
