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

/**
 * The name of a process; undefined when it has ended. An ended process exists as a zombie (state Z) until its parent asks
 * for its exit code.
 */
export async function livingName(pid: number): Promise<string | undefined> {
  const state = (await statusField(pid, "State"))?.[0];
  return state === "Z" || state === "X" ? undefined : (await statusField(pid, "Name"))?.join(" ");
}

/** Sends a signal to a process. Succeeds when the process has already ended. @returns whether the process still existed */
export function signal(pid: number, name: NodeJS.Signals | number): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") {
      return false;
    }
    throw error;
  }
}
