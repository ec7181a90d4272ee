import { homedir } from "node:os";
import { join } from "node:path";

/**
 * A folder of ours under the user's cache folder: `$BIBIND_CACHE`, else `$XDG_CACHE_HOME/bibind`, else
 * `~/.cache/bibind`. Everything the sandbox keeps is below it.
 */
export function cacheFolder(...parts: readonly string[]): string {
  const cache = process.env.BIBIND_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "bibind");
  return join(cache, ...parts);
}

/** The root of this checkout. */
export const projectFolder = join(import.meta.dirname, "..", "..");
