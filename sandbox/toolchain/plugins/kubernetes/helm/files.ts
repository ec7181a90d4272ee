import { closeSync, mkdtempSync, openSync, rmdirSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An open file without a name. Child processes read it through this process, and it disappears with this process. */
export interface NamelessFile {
  /** Path for child processes of the same user. */
  readonly path: string;
  close(): void;
}

/** Writes text to a nameless file of mode 0600. */
export function namelessFile(text: string): NamelessFile {
  const folder = mkdtempSync(join(tmpdir(), "bibind-helm-"));
  const path = join(folder, "file");
  const descriptor = openSync(path, "wx+", 0o600);
  unlinkSync(path);
  rmdirSync(folder);
  writeSync(descriptor, text);
  return { path: `/proc/${process.pid}/fd/${descriptor}`, close: () => closeSync(descriptor) };
}
