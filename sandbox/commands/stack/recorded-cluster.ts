import { readFile } from "node:fs/promises";
import { stackFolder } from "./folder.ts";
import type { ClusterChoice } from "./settings.ts";

/** The cluster that the stack was created for; undefined when there is no stack. */
export async function recordedCluster(): Promise<ClusterChoice | undefined> {
  const text = await readFile(stackFolder("cluster"), "utf8").catch(() => "");
  return text === "machine" || text === "existing" ? text : undefined;
}
