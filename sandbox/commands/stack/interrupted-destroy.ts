import { existsSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { z } from "zod";
import { step } from "../../builds/progress.ts";
import { runOnStack, type Engine } from "./engine.ts";
import { stackFolder, stackName } from "./folder.ts";
import { writePrivate } from "./private-file.ts";

/**
 * A file that exists from the start of a destroy until the destroy, or a later update, succeeds. Without it, an update
 * would trust a state that names what is gone: the engine records a deletion only after it is done.
 *
 * It lists the resources that a killed engine was deleting, as URNs.
 */
const markFile = (): string => stackFolder("destroying.json");

const urnsSchema = z.array(z.string());

/** Whether a destroy began, and neither it nor a later update succeeded. */
export function isDestroyUnfinished(): boolean {
  return existsSync(markFile());
}

/** The resources that a killed destroy was deleting. */
async function unfinishedDeletions(): Promise<string[]> {
  return isDestroyUnfinished() ? urnsSchema.parse(JSON.parse(await readFile(markFile(), "utf8"))) : [];
}

/**
 * Runs a destroy and marks the stack meanwhile. The mark stays when the destroy fails or is killed.
 *
 * @param destroy - resolves to the engine's exit code
 */
export async function markedDestroy(destroy: () => Promise<number>): Promise<number> {
  const isOurs = !isDestroyUnfinished();
  if (isOurs) {
    await mkdir(stackFolder(), { recursive: true, mode: 0o700 });
    await writePrivate(markFile(), "[]");
  }
  const exitCode = await destroy();
  if (isOurs && exitCode === 0) {
    await removeMark();
  }
  return exitCode;
}

/** Adds to the mark of an unfinished destroy what its killed engine was deleting. */
export async function noteDeletions(urns: readonly string[]): Promise<void> {
  if (isDestroyUnfinished()) {
    await writePrivate(markFile(), JSON.stringify([...new Set([...(await unfinishedDeletions()), ...urns])]));
  }
}

/** Removes the mark after an update has succeeded. */
export async function removeMark(): Promise<void> {
  await rm(markFile(), { force: true });
}

const checkpointSchema = z.looseObject({
  deployment: z.looseObject({ resources: z.array(z.looseObject({ urn: z.string() })).nullish() }),
});

/**
 * Removes resources from a state. A resource to which another one refers stays.
 *
 * @param exported - output of `pulumi stack export`
 */
export function withoutResources(exported: string, urns: readonly string[]): string {
  const checkpoint = checkpointSchema.parse(JSON.parse(exported));
  const kept: string[] = [];
  // A state lists a resource before those that refer to it.
  const resources = (checkpoint.deployment.resources ?? []).toReversed().filter((resource) => {
    const { urn } = resource;
    const isNeeded = kept.some((text) => text.includes(`"${urn}"`) || text.includes(`"${urn}::`));
    const isKept = isNeeded || !urns.includes(urn);
    if (isKept) {
      kept.push(JSON.stringify(resource));
    }
    return isKept;
  });
  const deployment = { ...checkpoint.deployment, resources: resources.toReversed() };
  return JSON.stringify({ ...checkpoint, deployment });
}

/**
 * Removes from the state what a killed destroy was deleting, so that the next update creates it again: it may be gone, or
 * disappear soon. A refresh alone cannot see this of a remote command, and takes an object that is being deleted for one
 * that exists.
 */
export async function forgetUnfinishedDeletions(engine: Engine): Promise<void> {
  const urns = await unfinishedDeletions();
  if (urns.length === 0) {
    return;
  }
  await step(`create again what an interrupted destroy was deleting (${urns.length})`, async () => {
    const exported = await runOnStack(engine, ["stack", "export", "--stack", stackName]);
    await runOnStack(engine, ["stack", "import", "--stack", stackName], withoutResources(exported, urns));
    await writePrivate(markFile(), "[]");
  });
}
