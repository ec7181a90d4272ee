import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";

const snapCommand = join(import.meta.dirname, "..", "..", "..", "..", "sandbox", "snaps", "snap");

/** A snap in the store of a test. */
export interface TestSnap {
  readonly name: string;
  readonly revision: string;
  readonly confinement?: string;
  readonly channels?: readonly string[];
  /** Shell script of the hook `install`. */
  readonly installHook?: string;
}

/** A folder that replaces the root of a machine, with a store and a fake `systemctl` that records its arguments. */
export class SnapHost {
  readonly root = mkdtempSync(join(tmpdir(), "bibind-snap-"));

  constructor() {
    this.program("fake-bin/systemctl", `echo "$*" >> ${this.root}/systemctl.log`);
  }

  private write(path: string, content: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), content);
  }

  private program(path: string, script: string): void {
    this.write(path, `#!/bin/sh\n${script}\n`);
    chmodSync(join(this.root, path), 0o755);
  }

  /** Adds a snap with one command and two daemons to the store. It replaces a snap with the same name. */
  addToStore(snap: TestSnap): void {
    const folder = `var/lib/bibind-snaps/${snap.name}`;
    rmSync(join(this.root, folder), { recursive: true, force: true });
    this.write(
      `${folder}/snap.json`,
      JSON.stringify({
        name: snap.name,
        version: `v${snap.revision}`,
        revision: snap.revision,
        summary: "A snap of a test",
        publisher: "tests",
        confinement: snap.confinement ?? "strict",
        channels: snap.channels ?? ["1.0/stable"],
        apps: {
          [snap.name]: { command: "bin/hello" },
          "daemon-one": { command: "bin/one", daemon: "simple" },
          "daemon-two": { command: "bin/two", daemon: "simple", after: ["daemon-one"] },
        },
      }),
    );
    this.program(`${folder}/content/bin/hello`, `echo "hello from $SNAP_NAME with $1"`);
    if (snap.installHook !== undefined) {
      this.program(`${folder}/content/meta/hooks/install`, snap.installHook);
    }
  }

  async snap(...args: readonly string[]): Promise<{ exitCode: number | undefined; stdout: string; stderr: string }> {
    const { exitCode, stdout, stderr } = await execa("python3", [snapCommand, ...args], {
      reject: false,
      env: {
        BIBIND_SNAP_ROOT: this.root,
        PATH: `${join(this.root, "fake-bin")}:${process.env["PATH"] ?? ""}`,
        PYTHONDONTWRITEBYTECODE: "1",
      },
    });
    return { exitCode, stdout, stderr };
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path));
  }

  /** The arguments of each call of `systemctl`, in order. */
  systemctlCalls(): string[] {
    return this.has("systemctl.log") ? this.read("systemctl.log").trimEnd().split("\n") : [];
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
