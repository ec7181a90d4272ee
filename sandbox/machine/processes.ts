import { readFile } from "node:fs/promises";

async function statusField(pid: number | "self", field: string): Promise<string[] | undefined> {
  const text = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const line = text.split("\n").find((candidate) => candidate.startsWith(`${field}:`));
  return line?.split(/\s+/).slice(1);
}

/**
 * Finds the machine's init process: the process with id 1 in a process namespace directly below ours.
 *
 * @param pids - processes of the machine
 * @returns its process id on this computer; undefined when the machine is stopped or has not started yet
 */
export async function initProcess(pids: readonly number[]): Promise<number | undefined> {
  const own = (await statusField("self", "NSpid"))?.length ?? 1;
  for (const pid of pids) {
    const ids = await statusField(pid, "NSpid");
    if (ids?.length === own + 1 && ids.at(-1) === "1") {
      return pid;
    }
  }
  return undefined;
}

/** The parent process of `pid`. */
export async function parentOf(pid: number): Promise<number | undefined> {
  const parent = Number((await statusField(pid, "PPid"))?.[0] ?? 0);
  return parent > 0 ? parent : undefined;
}

/** Sends a signal to a process. Succeeds when the process has already ended. */
export function signal(pid: number, name: NodeJS.Signals | number): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) {
      throw error;
    }
  }
}
