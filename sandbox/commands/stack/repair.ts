import { existsSync } from "node:fs";
import { copyFile, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { OperatorError } from "../../../components/errors/operator-error.ts";
import { step } from "../../builds/progress.ts";
import { runOnStack, type Engine } from "./engine.ts";
import { stackFolder, stackName, stateFile } from "./folder.ts";

const lockSchema = z.object({ pid: z.number(), hostname: z.string().optional(), timestamp: z.string().optional() });

/** An update of this stack that is, or was, running. */
export type StackLock = z.infer<typeof lockSchema>;

async function readLocks(): Promise<StackLock[]> {
  const folder = stackFolder(".pulumi", "locks", ...stackName.split("/"));
  if (!existsSync(folder)) {
    return [];
  }
  const files = (await readdir(folder)).filter((name) => name.endsWith(".json"));
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), "utf8")));
  // An engine that was killed while it wrote its lock leaves an empty one.
  return texts.map((text) => lockSchema.parse(JSON.parse(text || '{"pid":0}')));
}

async function isWhole(file: string): Promise<boolean> {
  try {
    JSON.parse(await readFile(file, "utf8"));
    return true;
  } catch {
    return false;
  }
}

/**
 * Takes the state back from before the last write, which an engine that was killed broke off: the engine copies its state
 * file before it writes it anew. What it did last is then noted as begun, and is done again.
 *
 * @param file - the engine's state file
 * @throws OperatorError when the copy is broken too
 */
export async function restoreBrokenState(file: string): Promise<void> {
  if (!existsSync(file) || (await isWhole(file))) {
    return;
  }
  const copy = `${file}.bak`;
  if (!(await isWhole(copy))) {
    throw new OperatorError({
      what: "the stack's state was broken off while it was written, and so was its copy",
      where: file,
      remedy: "put the newest whole file of .pulumi/history or .pulumi/backups in its place, or begin anew: make reset",
    });
  }
  await step("take the state back from before a write that was killed", async () => {
    await copyFile(copy, `${file}.unfinished`);
    await rename(`${file}.unfinished`, file);
  });
}

/** Endings of files that a killed write leaves: one not yet renamed, and the sidecars of a backend that wrote these. */
const leftovers = [".tmp", ".attrs"];

/**
 * Removes what killed writes left below the backend's folder: it is never read, or, broken, would make a whole state
 * unreadable.
 *
 * @param folder - the backend's folder; may be absent
 */
export async function removeLeftovers(folder: string): Promise<void> {
  const names = existsSync(folder) ? await readdir(folder, { recursive: true }) : [];
  const left = names.filter((name) => leftovers.some((ending) => name.endsWith(ending)));
  await Promise.all(left.map((name) => rm(join(folder, name))));
}

/** True when the process that took the lock is still an engine; its id may have been given to another program. */
async function isEngine(pid: number): Promise<boolean> {
  const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "");
  return name.trim() === "pulumi";
}

/** Process id of the engine that works on the stack; undefined when none does, whatever a killed one left behind. */
export async function runningEngine(): Promise<number | undefined> {
  for (const { pid } of await readLocks()) {
    if (await isEngine(pid)) {
      return pid;
    }
  }
  return undefined;
}

/** Takes back the lock of an engine that was killed; not while one works on the stack. */
export async function releaseStaleLock(engine: Engine): Promise<void> {
  if ((await readLocks()).length > 0) {
    await step("release the stack from an update that was killed", async () => {
      await runOnStack(engine, ["cancel", "--yes", "--stack", stackName]);
    });
  }
}

const checkpointSchema = z.looseObject({
  deployment: z.looseObject({
    pending_operations: z
      .array(z.looseObject({ type: z.string(), resource: z.looseObject({ urn: z.string() }) }))
      .nullish(),
  }),
});

/** The exported state without the operations that were never finished, and what these were; undefined if none. */
export function withoutPendingOperations(exported: string): { state: string; pending: string[] } | undefined {
  const checkpoint = checkpointSchema.parse(JSON.parse(exported));
  const operations = checkpoint.deployment.pending_operations ?? [];
  if (operations.length === 0) {
    return undefined;
  }
  const deployment = { ...checkpoint.deployment, pending_operations: undefined };
  return {
    state: JSON.stringify({ ...checkpoint, deployment }),
    pending: operations.map(({ type, resource }) => `${type} ${resource.urn}`),
  };
}

/**
 * Forgets operations that a killed engine began and did not note as done.
 *
 * Nothing is lost: what was being changed or deleted stays in the state as it was and is done again, and what was being
 * created is created again, which every resource of ours finds done or finishes (server-side apply, `helm upgrade
 * --install`, steps that read first). `pulumi refresh --clear-pending-creates` does the same after reading every
 * resource, which a machine that is just starting cannot answer for.
 */
export async function clearPendingOperations(engine: Engine): Promise<void> {
  // The engine takes seconds to tell what its state file says at once.
  if (!(await readFile(stateFile(), "utf8")).includes('"pending_operations"')) {
    return;
  }
  const exported = await runOnStack(engine, ["stack", "export", "--stack", stackName]);
  const repaired = withoutPendingOperations(exported);
  if (repaired === undefined) {
    return;
  }
  await step(`resume after an update that was killed (${repaired.pending.length} unfinished)`, async () => {
    await runOnStack(engine, ["stack", "import", "--stack", stackName], repaired.state);
  });
}
