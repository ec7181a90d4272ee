import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { step } from "../../builds/progress.ts";
import { livingName } from "../../machine/processes.ts";
import { runOnStack, type Engine } from "./engine.ts";
import { stackFolder, stackName } from "./folder.ts";

/** The lock of an update. The update is running, or it was killed. */
const lockSchema = z.object({ pid: z.number() });

/** The process id in a lock file; 0 when the engine was killed while it wrote the file. */
function ownerIn(text: string): number {
  try {
    return lockSchema.parse(JSON.parse(text)).pid;
  } catch {
    return 0;
  }
}

/** The process id in each lock of the stack. */
async function lockOwners(): Promise<number[]> {
  const folder = stackFolder(".pulumi", "locks", ...stackName.split("/"));
  if (!existsSync(folder)) {
    return [];
  }
  const files = (await readdir(folder)).filter((name) => name.endsWith(".json"));
  return Promise.all(files.map(async (name) => ownerIn(await readFile(join(folder, name), "utf8"))));
}

/** Whether the process is an engine. After the engine ends, the system can give its process id to another program. */
async function isEngine(pid: number): Promise<boolean> {
  return (await livingName(pid)) === "pulumi";
}

/**
 * The process id of the engine that works on the stack; undefined when there is none. The lock of a killed engine does
 * not count.
 */
export async function runningEngine(): Promise<number | undefined> {
  for (const pid of await lockOwners()) {
    if (await isEngine(pid)) {
      return pid;
    }
  }
  return undefined;
}

/** Removes the lock of a killed engine. Must not be called while an engine works on the stack. */
export async function releaseStaleLock(engine: Engine): Promise<void> {
  if ((await lockOwners()).length > 0) {
    await step("release the lock of an interrupted update", async () => {
      await runOnStack(engine, ["cancel", "--yes", "--stack", stackName]);
    });
  }
}
