import { closeSync, mkdtempSync, openSync, rmdirSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * An open file that is unlinked: it has no name. Child processes read it through this process. It is gone when this
 * process ends.
 */
export interface UnlinkedFile {
  /** Path for child processes of the same user. */
  readonly path: string;
  close(): void;
}

/** Writes text to an unlinked file with mode 0600. */
export function unlinkedFile(text: string): UnlinkedFile {
  const folder = mkdtempSync(join(tmpdir(), "bibind-helm-"));
  const path = join(folder, "file");
  const descriptor = openSync(path, "wx+", 0o600);
  unlinkSync(path);
  rmdirSync(folder);
  writeSync(descriptor, text);
  return { path: `/proc/${process.pid}/fd/${descriptor}`, close: () => closeSync(descriptor) };
}
