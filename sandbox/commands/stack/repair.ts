import { existsSync } from "node:fs";
import { copyFile, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { OperatorError } from "../../../components/errors/operator-error.ts";
import { step } from "../../builds/progress.ts";
import { runOnStack, type Engine } from "./engine.ts";
import { stackName, stateFile } from "./folder.ts";
import { noteDeletions } from "./interrupted-destroy.ts";

async function isComplete(file: string): Promise<boolean> {
  try {
    JSON.parse(await readFile(file, "utf8"));
    return true;
  } catch {
    return false;
  }
}

/**
 * Restores the state file from its backup when the last write is incomplete because the engine was killed. The engine
 * copies the state file before each write. In the backup the last operation is pending, so it runs again.
 *
 * @param file - the engine's state file; it may be absent
 * @throws OperatorError when the backup is incomplete too
 */
export async function restoreBrokenState(file: string): Promise<void> {
  if (!existsSync(file) || (await isComplete(file))) {
    return;
  }
  const backup = `${file}.bak`;
  if (!(await isComplete(backup))) {
    throw new OperatorError({
      what: "the stack's state file is incomplete, and so is its backup",
      where: file,
      remedy:
        "replace it with the newest complete file in .pulumi/history or .pulumi/backups, or start again: make reset",
    });
  }
  await step("restore the state from before an interrupted write", async () => {
    await copyFile(backup, `${file}.unfinished`);
    await rename(`${file}.unfinished`, file);
  });
}

/**
 * Suffixes of the files that a killed write leaves: temporary files, and sidecar files of a backend without
 * `metadata=skip`.
 */
const leftoverSuffixes = [".tmp", ".attrs"];

/**
 * Removes the files that killed writes left in the backend's folder. The engine never reads a temporary file. A broken
 * sidecar file makes a complete state unreadable.
 *
 * @param folder - the backend's folder; it may be absent
 */
export async function removeLeftovers(folder: string): Promise<void> {
  const names = existsSync(folder) ? await readdir(folder, { recursive: true }) : [];
  const leftovers = names.filter((name) => leftoverSuffixes.some((suffix) => name.endsWith(suffix)));
  await Promise.all(leftovers.map((name) => rm(join(folder, name))));
}

const checkpointSchema = z.looseObject({
  deployment: z.looseObject({
    pending_operations: z
      .array(z.looseObject({ type: z.string(), resource: z.looseObject({ urn: z.string() }) }))
      .nullish(),
  }),
});

/** A state without pending operations, and the operations that were pending. */
interface RepairedState {
  readonly state: string;
  /** One text per operation: its type and its resource. */
  readonly pending: readonly string[];
  /** URNs of the resources that were being deleted. */
  readonly deleting: readonly string[];
}

/**
 * Removes the pending operations from a state.
 *
 * @param exported - output of `pulumi stack export`
 * @returns undefined when there are none
 */
export function withoutPendingOperations(exported: string): RepairedState | undefined {
  const checkpoint = checkpointSchema.parse(JSON.parse(exported));
  const operations = checkpoint.deployment.pending_operations ?? [];
  if (operations.length === 0) {
    return undefined;
  }
  const deployment = { ...checkpoint.deployment, pending_operations: undefined };
  return {
    state: JSON.stringify({ ...checkpoint, deployment }),
    pending: operations.map(({ type, resource }) => `${type} ${resource.urn}`),
    deleting: operations.filter(({ type }) => type === "deleting").map(({ resource }) => resource.urn),
  };
}

/**
 * Removes from the state the operations that a killed engine started and did not record as finished.
 *
 * Nothing is lost. A resource that was being updated or deleted is in the state as before, and the operation runs
 * again. A resource that was being created is created again: every resource of this program accepts what already exists
 * (server-side apply, `helm upgrade --install`, steps that read the current state first). `pulumi refresh
 * --clear-pending-creates` does the same, but it reads every resource, and that fails while the machine is starting.
 */
export async function clearPendingOperations(engine: Engine): Promise<void> {
  // An export takes seconds. The state file shows at once whether it is needed.
  if (!(await readFile(stateFile(), "utf8")).includes('"pending_operations"')) {
    return;
  }
  const exported = await runOnStack(engine, ["stack", "export", "--stack", stackName]);
  const repaired = withoutPendingOperations(exported);
  if (repaired === undefined) {
    return;
  }
  await noteDeletions(repaired.deleting);
  await step(`clear the pending operations of an interrupted update (${repaired.pending.length})`, async () => {
    await runOnStack(engine, ["stack", "import", "--stack", stackName], repaired.state);
  });
}
