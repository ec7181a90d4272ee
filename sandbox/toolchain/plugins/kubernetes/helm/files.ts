import { closeSync, mkdtempSync, openSync, rmdirSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An open file without a name: child processes read it through this process, and nothing is left when anyone dies. */
export interface NamelessFile {
  /** Path for child processes of the same user. */
  readonly path: string;
  close(): void;
}

/** Keeps text for child processes, of mode 0600 and already unlinked. */
export function namelessFile(text: string): NamelessFile {
  const folder = mkdtempSync(join(tmpdir(), "bibind-kubernetes-"));
  const path = join(folder, "file");
  const descriptor = openSync(path, "wx+", 0o600);
  unlinkSync(path);
  rmdirSync(folder);
  writeSync(descriptor, text);
  return { path: `/proc/${process.pid}/fd/${descriptor}`, close: () => closeSync(descriptor) };
}
