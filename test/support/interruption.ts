import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { livingName, signal } from "../../sandbox/machine/processes.ts";
import { eventually } from "./eventually.ts";
import { engineSucceeds, startSandbox } from "./sandbox.ts";

/** Ids of a process and its descendants. The process itself is last. */
async function processTree(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  const descendants = await Promise.all(
    children
      .split(" ")
      .filter(Boolean)
      .map((child) => processTree(Number(child))),
  );
  return [...descendants.flat(), pid];
}

/** Waits until the killed processes have ended: the system needs a moment to free the memory of an engine. */
async function waitUntilEnded(pids: readonly number[]): Promise<void> {
  await eventually("the killed processes have ended", 60, async () => {
    const names = await Promise.all(pids.map(livingName));
    assert.deepEqual(
      pids.filter((_, index) => names[index] !== undefined),
      [],
    );
  });
}

/** Selects the processes to kill. @param pids - the command and its descendants */
export type Selection = (pids: number[]) => Promise<number[]>;

/** Selects the engine. */
export const engineProcesses: Selection = async (pids) => {
  const names = await Promise.all(pids.map(livingName));
  return pids.filter((_, index) => names[index] === "pulumi");
};

/** Selects the command and all its descendants. */
export const allProcesses: Selection = (pids) => Promise.resolve(pids);

/** Runs the `sandbox` command until its output matches, and then kills the processes that `select` returns. */
export async function killAt(args: readonly string[], moment: RegExp, select: Selection): Promise<void> {
  const running = startSandbox(...args);
  const { pid, all } = running;
  assert(pid !== undefined);
  let seen = "";
  let killing: Promise<number[]> | undefined;
  all.on("data", (chunk: Buffer) => {
    seen += chunk.toString();
    if (killing === undefined && moment.test(seen)) {
      killing = processTree(pid)
        .then(select)
        .then((selected) => selected.filter((each) => signal(each, "SIGKILL")));
    }
  });
  await Promise.race([running, once(all, "end")]);
  const { exitCode } = await running;
  const killed = await killing;
  await waitUntilEnded(killed ?? []);
  const command = `sandbox ${args.join(" ")}`;
  assert(killed !== undefined, `the output of "${command}" does not match ${String(moment)}:\n${seen}`);
  assert.notDeepEqual(killed, [], `no process of "${command}" was killed at ${String(moment)}:\n${seen}`);
  assert.notEqual(exitCode, 0, `"${command}" was not interrupted`);
}

const stateSchema = z.object({
  deployment: z.object({ resources: z.array(z.object({ urn: z.string() })).optional() }),
});

/** Types and names of the resources in the state of the sandbox's stack. */
export async function resourceNames(): Promise<string[]> {
  const exported = await engineSucceeds("stack", "export");
  const { resources = [] } = stateSchema.parse(JSON.parse(exported.slice(exported.indexOf("{")))).deployment;
  return resources.map(({ urn }) => urn.split("::").slice(2).join(" ")).sort();
}
