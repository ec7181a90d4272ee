import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Gives each test of a suite an empty cache folder of its own. */
export function useCacheFolder(): void {
  const before = process.env.BIBIND_CACHE;
  let folder = "";

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "bibind-cache-"));
    process.env.BIBIND_CACHE = folder;
  });

  afterEach(async () => {
    if (before === undefined) {
      delete process.env.BIBIND_CACHE;
    } else {
      process.env.BIBIND_CACHE = before;
    }
    await rm(folder, { recursive: true });
  });
}
