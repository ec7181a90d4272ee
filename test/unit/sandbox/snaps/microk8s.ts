import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/** The snap's folder in this checkout. */
export const microk8sFolder = join(import.meta.dirname, "..", "..", "..", "..", "sandbox", "snaps", "microk8s");

const content = join(microk8sFolder, "content");

/** How a program of the snap ended. */
export interface Ended {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** The programs of the snap `microk8s`, run on this machine with folders of their own; no daemon is ever started. */
export class Microk8s {
  readonly folder = mkdtempSync(join(tmpdir(), "bibind-microk8s-"));

  private async run(program: string, args: readonly string[]): Promise<Ended> {
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

  /** Runs the command line. */
  command(...words: readonly string[]): Promise<Ended> {
    return this.run("python3", [join(content, "bin", "microk8s"), ...words]);
  }

  /** Runs Python with the snap's modules. */
  python(code: string): Promise<Ended> {
    return this.run("python3", ["-c", code]);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
