import { readdir, readlink } from "node:fs/promises";

/** Ids of the processes in another network namespace: those of the sandbox's machines and their pods. */
export async function isolatedProcesses(): Promise<string[]> {
  const ours = await readlink("/proc/self/ns/net");
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const namespaces = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/ns/net`).catch(() => ours)));
  return pids.filter((_, index) => namespaces[index] !== ours);
}
