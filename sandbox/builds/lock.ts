import { rm, writeFile, readFile } from "node:fs/promises";
import { until } from "./until.ts";

const pollMilliseconds = 200;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function tryTake(file: string): Promise<boolean> {
  try {
    await writeFile(file, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    const owner = Number(await readFile(file, "utf8").catch(() => ""));
    if (owner > 0 && !isAlive(owner)) {
      await rm(file, { force: true });
    }
    return false;
  }
}

/** Runs `work` while holding the lock file; the lock of a process that was killed is taken over. */
export async function holdingLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  await until(() => tryTake(file), { pause: pollMilliseconds });
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}
