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

const stepType = "command:remote:Command";

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

const resourceSchema = z.looseObject({
  urn: z.string(),
  type: z.string(),
  parent: z.string().optional(),
  provider: z.string().optional(),
  dependencies: z.array(z.string()).optional(),
  propertyDependencies: z.record(z.string(), z.array(z.string()).nullable()).optional(),
  deletedWith: z.string().optional(),
});
type StateResource = z.infer<typeof resourceSchema>;

const checkpointSchema = z.looseObject({
  deployment: z.looseObject({ resources: z.array(resourceSchema).nullish() }),
});

/** The resource without its references to others, except for its parent and its provider. */
function withoutReferences(resource: StateResource, isForgotten: (urn: string) => boolean): StateResource {
  const { dependencies, propertyDependencies, deletedWith, ...rest } = resource;
  const kept = (urns: readonly string[] | null): string[] => (urns ?? []).filter((urn) => !isForgotten(urn));
  return {
    ...rest,
    ...(dependencies && { dependencies: kept(dependencies) }),
    ...(propertyDependencies && {
      propertyDependencies: Object.fromEntries(
        Object.entries(propertyDependencies).map(([property, urns]) => [property, kept(urns)]),
      ),
    }),
    ...(deletedWith !== undefined && !isForgotten(deletedWith) ? { deletedWith } : {}),
  };
}

/**
 * Removes resources from a state, and the references to them. A resource that is the parent or the provider of another one
 * stays.
 *
 * @param exported - output of `pulumi stack export`
 */
export function withoutResources(exported: string, isUnwanted: (resource: StateResource) => boolean): string {
  const checkpoint = checkpointSchema.parse(JSON.parse(exported));
  const needed = new Set<string>();
  const forgotten = new Set<string>();
  const kept: StateResource[] = [];
  // A state lists a resource before those that refer to it.
  for (const resource of (checkpoint.deployment.resources ?? []).toReversed()) {
    if (isUnwanted(resource) && !needed.has(resource.urn)) {
      forgotten.add(resource.urn);
    } else {
      kept.unshift(resource);
      needed.add(resource.parent ?? "").add((resource.provider ?? "").split("::").slice(0, -1).join("::"));
    }
  }
  const resources = kept.map((resource) => withoutReferences(resource, (urn) => forgotten.has(urn)));
  return JSON.stringify({ ...checkpoint, deployment: { ...checkpoint.deployment, resources } });
}

/**
 * Removes from the state what a killed destroy may have deleted and a refresh cannot see, so that the next update creates
 * it again: every step on a host, because the provider cannot read a command, and what the engine noted as being deleted,
 * because a refresh takes an object that is being deleted for one that exists. A step looks at the host before it acts, so
 * it can run again.
 */
export async function forgetUnfinishedDeletions(engine: Engine): Promise<void> {
  if (!isDestroyUnfinished()) {
    return;
  }
  const urns = new Set(await unfinishedDeletions());
  await step("repeat the steps on the host after an interrupted destroy", async () => {
    const exported = await runOnStack(engine, ["stack", "export", "--stack", stackName]);
    const state = withoutResources(exported, ({ urn, type }) => type === stepType || urns.has(urn));
    await runOnStack(engine, ["stack", "import", "--stack", stackName], state);
    await writePrivate(markFile(), "[]");
  });
}
