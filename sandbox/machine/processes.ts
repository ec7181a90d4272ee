import { readFile } from "node:fs/promises";

async function statusField(pid: number | "self", field: string): Promise<string[] | undefined> {
  const text = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const line = text.split("\n").find((candidate) => candidate.startsWith(`${field}:`));
  return line?.split(/\s+/).slice(1);
}

/**
 * The machine's first process among its processes: the one that is 1 in a process namespace right below ours.
 *
 * @returns its process id outside; undefined when there is none (yet)
 */
export async function firstProcess(pids: readonly number[]): Promise<number | undefined> {
  const own = (await statusField("self", "NSpid"))?.length ?? 1;
  for (const pid of pids) {
    const ids = await statusField(pid, "NSpid");
    if (ids?.length === own + 1 && ids.at(-1) === "1") {
      return pid;
    }
  }
  return undefined;
}

/** The process that started `pid`. */
export async function parentOf(pid: number): Promise<number | undefined> {
  const parent = Number((await statusField(pid, "PPid"))?.[0] ?? 0);
  return parent > 0 ? parent : undefined;
}

/** Sends a signal; a process that is gone already needs none. */
export function signal(pid: number, name: NodeJS.Signals | number): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) {
      throw error;
    }
  }
}
